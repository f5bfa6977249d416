import type { Recipe } from './recipe';

export const mysql: Recipe = {
  name: 'mysql',
  // Debian has no MySQL; its own default under that name is MariaDB.
  apt: { debian: ['default-mysql-server'], ubuntu: ['mysql-server'] },
  services: ['mysql'],
  check: `mysql --batch --execute "SELECT CONCAT('MySQL server ', VERSION()), 6 * 7" | grep -w 42`,
};
