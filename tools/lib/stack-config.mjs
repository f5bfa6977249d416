import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderId } from './paths.mjs';
import { choosePort } from './ports.mjs';
import { instances } from './services.mjs';

const API_PORT = 8080;

/** What a stack keeps between starts: its ports, its secrets and how it was last started. */
const file = (dir) => join(dir, 'stack.json');

export function readConfig(dir) {
  return existsSync(file(dir)) ? JSON.parse(readFileSync(file(dir), 'utf8')) : undefined;
}

/**
 * The configuration of the stack in `dir`, made at its first start and kept from then on.
 * @param {{name?: string, services?: string[], replicas?: object, env?: object, durable?: boolean,
 *   preferApiPort?: boolean}} options those given replace what was kept
 */
export async function ensureConfig(dir, options = {}) {
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const { preferApiPort = true, ...given } = options;
  const kept = readConfig(dir);
  const config = {
    name: `cloudhero-${folderId(dir)}`,
    ...kept,
    // A folder from before a secret was needed gets that one too.
    secrets: { ...makeSecrets(), ...kept?.secrets },
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
  config.ports = await choosePorts(config, preferApiPort);
  if (JSON.stringify(config) !== JSON.stringify(kept)) write(dir, config);
  return config;
}

function write(dir, config) {
  const draft = `${file(dir)}.new`;
  writeFileSync(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file(dir));
}

async function choosePorts(config, preferApiPort) {
  const ports = { ...config.ports };
  const wanted = [
    { id: 'postgres', portVariable: 'CLOUDHERO_POSTGRES_PORT' },
    { id: 'redis', portVariable: 'CLOUDHERO_REDIS_PORT' },
    ...instances(config),
  ];
  for (const { id, app = id, portVariable } of wanted) {
    const asked = id === app ? process.env[portVariable] : undefined;
    if (asked && preferApiPort) ports[id] = Number(asked);
    const preferred = id === 'api-gateway' && preferApiPort ? API_PORT : undefined;
    ports[id] ??= await choosePort(new Set(Object.values(ports)), preferred);
  }
  return ports;
}

const hex = (bytes) => randomBytes(bytes).toString('hex');

function makeSecrets() {
  return {
    postgresPassword: hex(16),
    secretKeys: `1:${randomBytes(32).toString('base64')}`,
    installationId: hex(12),
    operatorPassword: randomBytes(18).toString('base64url'),
    sandboxAccessKey: `AKIA${hex(8).toUpperCase()}`,
    sandboxSecretKey: randomBytes(30).toString('base64url'),
    sandboxDoToken: `dop_v1_${hex(32)}`,
  };
}
