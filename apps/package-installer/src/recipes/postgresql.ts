import type { Recipe } from './recipe';

export const postgresql: Recipe = {
  name: 'postgresql',
  apt: ['postgresql'],
  services: ['postgresql'],
  check: `cd /tmp
runuser -u postgres -- psql --no-psqlrc --tuples-only --command 'SELECT version(), 6 * 7' | grep -w 42`,
};
