/** Packages of one node. Together they cover the whole catalogue, and none of a node's conflict. */
export interface RecipeCase {
  node: string;
  packages: readonly string[];
}

/** As few nodes as the ports allow: a web server and a database of each kind a node. */
export const RECIPE_CASES: readonly RecipeCase[] = [
  {
    node: 'one',
    packages: ['mysql', 'postgresql', 'apache', 'redis', 'nodejs', 'git', 'python'],
  },
  {
    node: 'two',
    packages: ['mariadb', 'nginx', 'memcached', 'php', 'java', 'haproxy', 'docker', 'apt:htop'],
  },
];
