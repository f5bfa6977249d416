import type { Recipe } from './recipe';

export const nginx: Recipe = {
  name: 'nginx',
  apt: ['nginx', 'curl'],
  services: ['nginx'],
  check: `headers=$(curl --silent --show-error --fail --max-time 10 --head http://127.0.0.1/)
echo "$headers"
grep -qi '^server: nginx' <<<"$headers"`,
};
