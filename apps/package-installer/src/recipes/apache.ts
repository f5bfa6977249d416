import type { Recipe } from './recipe';

export const apache: Recipe = {
  name: 'apache',
  apt: ['apache2', 'curl'],
  services: ['apache2'],
  check: `headers=$(curl --silent --show-error --fail --max-time 10 --head http://127.0.0.1/)
echo "$headers"
grep -qi '^server: apache' <<<"$headers"`,
};
