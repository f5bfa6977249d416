import type { Recipe } from './recipe';

export const mariadb: Recipe = {
  name: 'mariadb',
  apt: ['mariadb-server'],
  services: ['mariadb'],
  check: `mariadb --batch --execute "SELECT VERSION(), 6 * 7" | grep -w 42`,
};
