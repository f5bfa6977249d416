import { readFile } from 'node:fs/promises';
import type { Machine } from './machine';
import { tar } from './tar';

const SEED = 'var/lib/cloud/seed/nocloud';

/**
 * What a machine finds on its disk at the first boot, as a tar for the engine's archive call:
 * cloud-init's NoCloud seed and the name servers.
 * @see https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 */
export async function seedArchive(machine: Machine, withResolvers: boolean): Promise<Buffer> {
  const metaData = {
    'instance-id': machine.id,
    'local-hostname': machine.hostname,
    'public-keys': machine.publicKeys,
  };
  // Below the user data in rank, so that a caller's own word on root holds.
  const vendorData = machine.rootLogin ? '#cloud-config\ndisable_root: false\n' : undefined;
  const resolvers = withResolvers ? await hostResolvers() : undefined;
  return tar([
    {
      path: `${SEED}/user-data`,
      content: Buffer.from(machine.userData ?? '', 'base64'),
      mode: 0o600,
    },
    { path: `${SEED}/meta-data`, content: JSON.stringify(metaData) },
    ...(vendorData ? [{ path: `${SEED}/vendor-data`, content: vendorData }] : []),
    ...(resolvers ? [{ path: 'etc/cloudhero-machine/resolv.conf', content: resolvers }] : []),
  ]);
}

/** This host's name servers that a container can reach; undefined where all of them are local. */
async function hostResolvers(): Promise<string | undefined> {
  for (const path of ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']) {
    const text = await readFile(path, 'utf8').catch(() => '');
    const lines = text
      .split('\n')
      .filter((line) => /^(nameserver|search|options)\s/.test(line))
      .filter((line) => !/^nameserver\s+(127\.|::1)/.test(line));
    if (lines.some((line) => line.startsWith('nameserver'))) return `${lines.join('\n')}\n`;
  }
  return undefined;
}
