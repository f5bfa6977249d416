import { defineConfig } from 'prisma/config';
import { schemaAdapter } from './prisma/schema-adapter';

// `generate` only needs an address that it can parse; the migrate commands need a real one.
process.env.DATABASE_URL ??= 'postgresql://postgres:postgres@127.0.0.1:5432/cloudhero';
const url = process.env.DATABASE_URL;

// The schema engine's JavaScript form: the CLI then downloads no engine of its own.
export default defineConfig({
  experimental: { adapter: true },
  engine: 'js',
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  adapter: () => Promise.resolve(schemaAdapter(url)),
});
