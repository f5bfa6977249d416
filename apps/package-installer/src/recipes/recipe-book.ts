import { quote } from '../ssh/shell';
import { apache } from './apache';
import { docker } from './docker';
import { git } from './git';
import { haproxy } from './haproxy';
import { java } from './java';
import { mariadb } from './mariadb';
import { memcached } from './memcached';
import { mysql } from './mysql';
import { nginx } from './nginx';
import { nodejs } from './nodejs';
import { php } from './php';
import { postgresql } from './postgresql';
import { python } from './python';
import { redis } from './redis';
import type { Recipe } from './recipe';

const RECIPES: readonly Recipe[] = [
  docker,
  mysql,
  mariadb,
  postgresql,
  apache,
  nginx,
  redis,
  memcached,
  nodejs,
  php,
  python,
  java,
  git,
  haproxy,
];
const byName = new Map(RECIPES.map((recipe) => [recipe.name, recipe]));

/** Names of all recipes; the catalogue's, as a spec makes sure. */
export const RECIPE_NAMES: readonly string[] = [...byName.keys()];

/** The recipe of a canonical name, `apt:NAME` among them. @throws when there is none. */
export function recipeOf(name: string): Recipe {
  const recipe = byName.get(name);
  if (recipe) return recipe;
  if (!name.startsWith('apt:')) throw new Error(`no recipe for ${name}`);
  const apt = name.slice('apt:'.length);
  return {
    name,
    apt: [apt],
    // A package that we know nothing about comes as its maintainers mean it to be.
    recommends: true,
    check: `dpkg-query --show --showformat '\${Package} \${Version}: \${db:Status-Status}\\n' ${quote(apt)} | grep -w installed`,
  };
}
