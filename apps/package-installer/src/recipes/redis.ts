import type { Recipe } from './recipe';

export const redis: Recipe = {
  name: 'redis',
  apt: ['redis-server'],
  services: ['redis-server'],
  check: `timeout 10 redis-cli ping | grep -x PONG
timeout 10 redis-cli set cloudhero:check 42 EX 60 | grep -qx OK
timeout 10 redis-cli get cloudhero:check | grep -x 42`,
};
