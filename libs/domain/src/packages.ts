/** A package that can be asked for by name. */
export interface CataloguePackage {
  name: string;
  aliases: readonly string[];
  description: string;
  /** TCP ports that it listens on once it is installed. */
  ports: readonly number[];
}

/** Everything that can be asked for by name; each has a recipe of the same name. */
export const PACKAGE_CATALOGUE: readonly CataloguePackage[] = [
  {
    name: 'docker',
    aliases: ['docker.io', 'docker-engine', 'docker-ce'],
    description:
      'Docker engine, on its local socket and on port 4000 with mutual TLS. Nodes that have it form a cluster.',
    ports: [4000],
  },
  {
    name: 'mysql',
    aliases: ['mysql-server'],
    description:
      'MySQL server on Ubuntu. Debian does not ship MySQL: there it is MariaDB, under the name of default-mysql-server.',
    ports: [3306],
  },
  {
    name: 'mariadb',
    aliases: ['mariadb-server'],
    description: 'MariaDB server, a relational database that speaks MySQL’s protocol.',
    ports: [3306],
  },
  {
    name: 'postgresql',
    aliases: ['postgres', 'pgsql', 'psql'],
    description: 'PostgreSQL server, a relational database.',
    ports: [5432],
  },
  {
    name: 'apache',
    aliases: ['apache2', 'httpd'],
    description: 'Apache HTTP server, on port 80.',
    ports: [80],
  },
  {
    name: 'nginx',
    aliases: [],
    description: 'nginx, a web server and reverse proxy, on port 80.',
    ports: [80],
  },
  {
    name: 'redis',
    aliases: ['redis-server'],
    description: 'Redis, an in-memory data store.',
    ports: [6379],
  },
  {
    name: 'memcached',
    aliases: ['memcache'],
    description: 'memcached, an in-memory cache.',
    ports: [11211],
  },
  {
    name: 'nodejs',
    aliases: ['node', 'node.js'],
    description: 'Node.js and npm, in the distribution’s version.',
    ports: [],
  },
  {
    name: 'php',
    aliases: ['php-cli', 'php-fpm'],
    description: 'PHP on the command line and as a service for web servers (FPM).',
    ports: [],
  },
  {
    name: 'python',
    aliases: ['python3'],
    description: 'Python 3 with pip and virtual environments.',
    ports: [],
  },
  {
    name: 'java',
    aliases: ['jdk', 'openjdk', 'default-jdk'],
    description: 'OpenJDK, compiler and runtime, without graphics.',
    ports: [],
  },
  { name: 'git', aliases: [], description: 'git, for version control.', ports: [] },
  {
    name: 'haproxy',
    aliases: [],
    description:
      'HAProxy, a load balancer. It listens on nothing until you give it a configuration.',
    ports: [],
  },
];

const canonicalNames = new Map(
  PACKAGE_CATALOGUE.flatMap(({ name, aliases }) => [name, ...aliases].map((key) => [key, name])),
);

/** `apt:` and a Debian package name (Debian policy, 5.6.1). */
const APT_PACKAGE = /^apt:[a-z0-9][a-z0-9+.-]{1,127}$/;

/**
 * The canonical name of a package that was asked for by name, alias, or `apt:NAME`, in any case;
 * null when there is none. Whether the distribution has NAME is only known on the node.
 */
export function resolvePackage(name: string): string | null {
  const key = name.toLowerCase();
  return canonicalNames.get(key) ?? (APT_PACKAGE.test(key) ? key : null);
}

/**
 * Groups of packages (canonical names) that cannot be on one node together, because they listen on
 * the same port; empty when all is well.
 */
export function conflictingPackages(names: readonly string[]): string[][] {
  const byPort = new Map<number, string[]>();
  for (const { name, ports } of PACKAGE_CATALOGUE) {
    if (!names.includes(name)) continue;
    for (const port of ports) byPort.set(port, [...(byPort.get(port) ?? []), name]);
  }
  return [...byPort.values()].filter((group) => group.length > 1);
}
