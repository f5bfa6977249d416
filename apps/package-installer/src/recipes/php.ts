import type { Recipe } from './recipe';

export const php: Recipe = {
  name: 'php',
  apt: ['php-cli', 'php-fpm', 'php-mysql', 'php-pgsql', 'php-mbstring', 'php-xml', 'php-curl'],
  check: `php -r 'echo "PHP ", PHP_VERSION, " ", 6 * 7, "\\n";' | grep -w 42
systemctl is-active --quiet 'php*-fpm.service'`,
};
