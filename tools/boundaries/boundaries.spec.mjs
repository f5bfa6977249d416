import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** The boundary rules' verdicts on a file that need not exist: untyped, so each takes milliseconds. */
const eslint = new ESLint({
  cwd: ROOT,
  overrideConfig: [
    {
      files: ['**/*.ts'],
      languageOptions: { parserOptions: { projectService: false, project: null } },
    },
  ],
  ruleFilter: ({ ruleId }) =>
    ['boundaries/imports', 'no-restricted-properties', 'no-restricted-syntax'].includes(ruleId),
});

async function verdicts(filePath, code) {
  const [result] = await eslint.lintText(code, { filePath: resolve(ROOT, filePath) });
  return result.messages.map(({ ruleId, message }) => ruleId ?? message);
}

const REFUSED = {
  'an app imports an app': ['apps/provisioner/src/a.ts', "import '@cloudhero/api-gateway';"],
  'an app reaches into an app': [
    'apps/provisioner/src/a.ts',
    "import '../../api-gateway/src/main';",
  ],
  'an adapter imports an adapter': ['libs/queue/src/a.ts', "import '@cloudhero/persistence';"],
  'an adapter reaches into an adapter': [
    'libs/queue/src/a.ts',
    "export * from '../../persistence/src/index';",
  ],
  'an adapter imports an app': ['libs/cloud/src/a.ts', "import '@cloudhero/provisioner';"],
  'the domain imports an adapter': ['libs/domain/src/a.ts', "import '@cloudhero/config';"],
  'a deep import': ['apps/provisioner/src/a.ts', "import '@cloudhero/cloud/src/drivers';"],
  'a project imports itself': ['libs/queue/src/a.ts', "import '@cloudhero/queue';"],
  'bullmq outside of libs/queue': ['apps/provisioner/src/a.ts', "import { Queue } from 'bullmq';"],
  'a type of bullmq': ['apps/provisioner/src/a.ts', "import type { Queue } from 'bullmq';"],
  'bullmq by a dynamic import': ['apps/provisioner/src/a.ts', "await import('bullmq');"],
  'bullmq by require': ['apps/provisioner/src/a.ts', "require('bullmq');"],
  'bullmq in a type query': ['apps/provisioner/src/a.ts', "type Q = import('bullmq').Queue;"],
  'Prisma outside of libs/persistence': [
    'apps/api-gateway/src/a.ts',
    "import { PrismaClient } from '@prisma/client';",
  ],
  'pg outside of libs/persistence': ['apps/api-gateway/src/a.ts', "import { Client } from 'pg';"],
  'Bull Board outside of api-gateway': ['apps/provisioner/src/a.ts', "import '@bull-board/api';"],
  'ssh2 outside of package-installer': ['apps/provisioner/src/a.ts', "import 'ssh2';"],
  'an AWS client outside of libs/cloud': [
    'apps/provisioner/src/a.ts',
    "import '@aws-sdk/client-ec2';",
  ],
  'digitalocean-js outside of libs/cloud': [
    'apps/provisioner/src/a.ts',
    "import { DigitalOcean } from 'digitalocean-js';",
  ],
  'its HTTP client outside of libs/cloud': [
    'apps/provisioner/src/a.ts',
    "import { instance } from 'digitalocean-js/src/lib/axios-instance';",
  ],
  'axios outside of libs/cloud': ['apps/api-gateway/src/a.ts', "import axios from 'axios';"],
  "an AWS client in the sandbox's own code": [
    'apps/cloud-sandbox/src/a.ts',
    "import '@aws-sdk/client-ec2';",
  ],
  'the environment by its module': [
    'apps/provisioner/src/a.ts',
    "import { env } from 'node:process';",
  ],
  'a test reaches into an app': ['test/e2e/a.ts', "import '../../apps/api-gateway/src/main';"],
  'process.env in an app': ['apps/provisioner/src/a.ts', 'export const a = process.env.HOME;'],
  'process.env taken apart': ['libs/cloud/src/a.ts', 'export const { env } = process;'],
  'a default export': ['libs/cloud/src/a.ts', 'export default 1;'],
};

const ALLOWED = {
  'an app imports an adapter': ['apps/provisioner/src/a.ts', "import '@cloudhero/queue';"],
  'an adapter imports the domain': ['libs/queue/src/a.ts', "import '@cloudhero/domain';"],
  'a relative import inside of a project': ['libs/cloud/src/ec2/a.ts', "import '../driver';"],
  'bullmq in libs/queue': ['libs/queue/src/a.ts', "import { Queue } from 'bullmq';"],
  'Prisma in libs/persistence': ['libs/persistence/src/a.ts', "import '@prisma/client';"],
  'digitalocean-js in libs/cloud': ['libs/cloud/src/a.ts', "import 'digitalocean-js';"],
  "an AWS client in a spec of the sandbox's": [
    'apps/cloud-sandbox/src/a.spec.ts',
    "import '@aws-sdk/client-ec2';",
  ],
  'process.env in libs/config': ['libs/config/src/a.ts', 'export const a = process.env.HOME;'],
};

for (const [name, [file, code]] of Object.entries(REFUSED))
  test(`lint refuses ${name}`, async () => {
    assert.equal((await verdicts(file, code)).length, 1);
  });

for (const [name, [file, code]] of Object.entries(ALLOWED))
  test(`lint allows ${name}`, async () => {
    assert.deepEqual(await verdicts(file, code), []);
  });
