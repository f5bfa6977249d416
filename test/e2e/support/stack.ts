import { readFileSync } from 'node:fs';

/** The running stack that a test run is against, as tools/test.mjs wrote it down. */
export interface Stack {
  /** Folder of its state. */
  dir: string;
  /** Of the repository. */
  root: string;
  name: string;
  url: string;
  sandbox: { url: string; accessKey: string; secretKey: string };
  config: {
    ports: Record<string, number>;
    secrets: { operatorPassword: string; postgresPassword: string };
  };
}

function read(): Stack {
  const file = process.env.CLOUDHERO_E2E;
  if (!file) throw new Error('CLOUDHERO_E2E is not set; run these with: npm test');
  return JSON.parse(readFileSync(file, 'utf8')) as Stack;
}

export const stack = read();
