import { dirname, relative, resolve } from 'node:path';
import { GUARDED, isForSpecs, MAY_IMPORT, projectOf, READS_ENVIRONMENT } from './table.mjs';

const ROOT = resolve(import.meta.dirname, '..', '..');
const OURS = '@cloudhero/';

const slashed = (path) => path.replaceAll('\\', '/');

/** Why `file` may not import `source`, or undefined where it may. Both kinds of path use slashes. */
export function refusal(file, source) {
  const project = projectOf(file);
  if (!project) return undefined;
  if (source.startsWith('.')) return leaves(project, file, source);
  if (source.startsWith(OURS)) return refusesOurs(project, source.slice(OURS.length));
  return refusesGuarded(project, file, source);
}

function leaves({ folder }, file, source) {
  const target = slashed(relative(ROOT, resolve(ROOT, dirname(file), source)));
  if (target === folder || target.startsWith(`${folder}/`)) return undefined;
  return `A relative import stays inside of ${folder}.`;
}

function refusesOurs({ folder, kind }, target) {
  if (target.includes('/')) return 'A project is imported by its name alone; see its index.ts.';
  if (folder.endsWith(`/${target}`)) return 'A project does not import itself by its name.';
  if (MAY_IMPORT[kind].includes(target)) return undefined;
  return `A project of kind ${kind} may import ${MAY_IMPORT[kind].join(', ') || 'none of ours'}.`;
}

function refusesGuarded({ folder }, file, source) {
  const isSpec = isForSpecs(file);
  for (const { modules, only, inSpecs = [] } of GUARDED) {
    if (!modules.some((name) => covers(name, source))) continue;
    if (only.includes(folder) || (isSpec && inSpecs.includes(folder))) continue;
    return `Only ${only.join(', ')} may import ${source}.`;
  }
  return undefined;
}

function covers(name, source) {
  const bare = name.replace(/\/\*$/, '');
  return source === bare || source.startsWith(`${bare}/`);
}

const imports = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{reason}}' } },
  create(context) {
    const file = slashed(relative(ROOT, context.filename));
    const check = (node) => {
      if (typeof node?.value !== 'string') return;
      const reason = refusal(file, node.value);
      if (reason) context.report({ node, messageId: 'refused', data: { reason } });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      TSExternalModuleReference: ({ expression }) => check(expression),
      TSImportType: ({ source, argument }) => check(source ?? argument?.literal),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
    };
  },
};

/** The flat configuration that enforces the table. */
export const boundaries = [
  {
    name: 'boundaries/imports',
    files: ['{apps,libs,prisma,test}/**/*.ts'],
    plugins: { boundaries: { rules: { imports } } },
    rules: { 'boundaries/imports': 'error' },
  },
  {
    name: 'boundaries/environment',
    files: ['{apps,libs}/**/*.ts'],
    ignores: [
      ...READS_ENVIRONMENT.map((folder) => `${folder}/**`),
      '**/*.spec.ts',
      '*/*/src/testing/**',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only libs/config reads the environment; take a parsed configuration.',
        },
      ],
    },
  },
];
