import type { Recipe } from './recipe';

export const memcached: Recipe = {
  name: 'memcached',
  apt: ['memcached'],
  services: ['memcached'],
  check: `exec 3<>/dev/tcp/127.0.0.1/11211
printf 'set cloudhero-check 0 60 2\\r\\n42\\r\\n' >&3
read -r -t 5 answer <&3
[ "$answer" = $'STORED\\r' ]
printf 'get cloudhero-check\\r\\n' >&3
read -r -t 5 answer <&3
read -r -t 5 answer <&3
[ "$answer" = $'42\\r' ]
echo 'stored 42 and got it back'`,
};
