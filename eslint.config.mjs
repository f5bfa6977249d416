import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/boundaries/plugin.mjs';

const NODE_GLOBALS = Object.fromEntries(
  [
    ...['process', 'console', 'Buffer', 'URL', 'URLSearchParams', 'fetch', 'AbortController'],
    ...['AbortSignal', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    ...['TextDecoder', 'TextEncoder', 'performance', 'structuredClone'],
  ].map((name) => [name, 'readonly']),
);

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name.',
};

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.cloudhero', 'coverage'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: { globals: NODE_GLOBALS },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['prisma.config.ts', 'prisma/*.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // The parser knows emitDecoratorMetadata from the tsconfig and leaves injected types alone.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Nest's option classes are never instantiated, by anybody.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // It takes a field for unchanged across an await, and a type parameter for an unsafe cast.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // An async method without await is how an interface's promise is kept.
      '@typescript-eslint/require-await': 'off',
      // A Nest module is a class that only carries its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'no-console': 'error',
    },
  },
  {
    // jest's asymmetric matchers are of type any.
    files: ['**/*.spec.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  {
    // A spec says why it was skipped; a service that cannot start says why before it has a logger.
    files: ['**/*.spec.ts', '**/src/testing/**', 'apps/*/src/main.ts'],
    rules: { 'no-console': ['error', { allow: ['warn', 'error'] }] },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT] },
  },
  ...boundaries,
);
