import type { Recipe } from './recipe';

export const nodejs: Recipe = {
  name: 'nodejs',
  apt: ['nodejs', 'npm', 'ca-certificates'],
  check: `node --eval 'console.log("Node.js", process.version, 6 * 7)' | grep -w 42
echo "npm $(npm --version)"`,
};
