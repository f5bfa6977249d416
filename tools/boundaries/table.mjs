/** Who may import what. `plugin.mjs` enforces this table, `boundaries.spec.mjs` proves that it bites. */

export const ADAPTERS = [
  'cloud',
  'config',
  'docker',
  'forward',
  'persistence',
  'queue',
  'secrets',
  'telemetry',
];

/** What a project of each kind may import of ours. There is no row that allows everything. */
export const MAY_IMPORT = {
  app: ['domain', ...ADAPTERS],
  adapter: ['domain'],
  domain: [],
  prisma: [],
  test: ['domain', ...ADAPTERS],
};

/** Modules of others that only some folders may import, or only in their specs. */
export const GUARDED = [
  { modules: ['bullmq'], only: ['libs/queue'] },
  {
    modules: ['@prisma/*', 'prisma', 'pg'],
    only: ['libs/persistence', 'prisma'],
    inSpecs: ['apps/api-gateway'],
  },
  { modules: ['@bull-board/*'], only: ['apps/api-gateway'] },
  {
    modules: ['ssh2'],
    only: ['apps/package-installer', 'libs/secrets', 'test'],
    inSpecs: ['apps/cloud-sandbox'],
  },
  {
    modules: ['@aws-sdk/*', '@smithy/*'],
    only: ['libs/cloud', 'test'],
    inSpecs: ['apps/cloud-sandbox'],
  },
  { modules: ['digitalocean-js', 'axios'], only: ['libs/cloud'] },
  { modules: ['node:process', 'process'], only: ['libs/config', 'test'] },
];

/** Whether a file is for specs only; such files are not part of the build. */
export function isForSpecs(path) {
  return path.endsWith('.spec.ts') || /^(apps|libs)\/[^/]+\/(src\/testing|test)\//.test(path);
}

/** Where `process.env` may be read, besides specs. */
export const READS_ENVIRONMENT = ['libs/config', 'test', 'prisma'];

/**
 * The project that a file of the repository belongs to.
 * @param {string} path relative to the repository, with slashes
 * @returns {{folder: string, kind: keyof typeof MAY_IMPORT} | undefined} undefined for tools
 */
export function projectOf(path) {
  const [top, name] = path.split('/');
  if (top === 'prisma' || top === 'test') return { folder: top, kind: top };
  if (top === 'apps') return { folder: `apps/${name}`, kind: 'app' };
  if (top === 'libs')
    return { folder: `libs/${name}`, kind: name === 'domain' ? 'domain' : 'adapter' };
  return undefined;
}
