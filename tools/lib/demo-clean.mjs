import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './http.mjs';
import { readDemo } from './demo-state.mjs';
import { hasSandboxes, removeImages, removeSandbox, stopOwnEngine } from './docker.mjs';
import { folderId, STATE_DIR } from './paths.mjs';
import { heading, say, timed } from './say.mjs';
import { stopStack } from './stack.mjs';
import { readConfig } from './stack-config.mjs';
import { installedByUs, removeSystemPackages } from './system-packages.mjs';

const DELETE_PATIENCE_MS = 60_000;

/** Asks the API to delete the demo's environment, as a customer would, while it is up. */
async function deleteEnvironment() {
  const { url, key, environment } = readDemo();
  if (!environment) return;
  const headers = { 'authentication-token': key };
  const path = `/environments/${environment}`;
  const asked = await call(url, 'DELETE', path, { headers }).catch(() => undefined);
  if (!asked || asked.status >= 400) return;
  const deadline = Date.now() + DELETE_PATIENCE_MS;
  while (Date.now() < deadline) {
    const { status, body } = await call(url, 'GET', path, { headers });
    if (status === 404 || body.deleted_at) return;
    await sleep(500);
  }
}

/** Removes every trace of this checkout's demo; with `packages` the Debian packages too. */
export async function clean({ packages }) {
  heading('Cleaning up');
  const name = readConfig(STATE_DIR)?.name ?? `cloudhero-${folderId(STATE_DIR)}`;
  await timed('environment deleted', deleteEnvironment);
  await timed('services stopped', () => stopStack({ dir: STATE_DIR }));
  await timed('containers, volumes and networks removed', () => removeSandbox(name));
  if (await hasSandboxes()) say('   the machine image stays: another checkout is up');
  else await timed('images removed', removeImages);
  if (await stopOwnEngine()) say('   stopped the Docker engine, which the demo had started');
  const installed = installedByUs();
  if (packages) await timed('packages removed', removeSystemPackages);
  else if (installed.length > 0)
    say(
      `   left installed: ${installed.join(' ')} (npm run demo -- --clean --packages removes them)`,
    );
  if (existsSync(STATE_DIR)) rmSync(STATE_DIR, { recursive: true, force: true });
  say('   nothing is left');
  return 0;
}
