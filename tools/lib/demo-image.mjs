import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import {
  copyFile,
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, run } from './run.mjs';
import { privilege } from './system-packages.mjs';

/** The name of the small image that is made where no registry can be reached. */
export const LOCAL_IMAGE = 'cloudhero/busybox:demo';

const ARCHITECTURE = { x64: 'amd64', arm64: 'arm64' }[process.arch];

/**
 * A small image of Debian's static busybox in the form of `docker save`, made without any engine.
 * @param {{name?: string, cmd?: string[]}} [options] `name` with its tag
 * @returns {Promise<Buffer>} a tar for `docker load`
 */
export async function makeImage({ name = LOCAL_IMAGE, cmd = ['sh'] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'cloudhero-image-'));
  try {
    const root = await fileSystem(folder);
    const out = join(folder, 'out');
    await mkdir(out);
    const layer = join(out, 'layer.tar');
    await tar(root, layer);
    const digest = createHash('sha256')
      .update(await readFile(layer))
      .digest('hex');
    const config = {
      architecture: ARCHITECTURE,
      os: 'linux',
      config: { Env: ['PATH=/bin'], Cmd: cmd, ExposedPorts: { '80/tcp': {} } },
      rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
    };
    const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
    await writeFile(join(out, 'config.json'), JSON.stringify(config));
    await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest));
    const saved = join(folder, 'image.tar');
    await tar(out, saved);
    return await readFile(saved);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tar(folder, file) {
  const reproducible = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  return run('tar', [...reproducible, '-C', folder, '-cf', file, '.']);
}

async function fileSystem(folder) {
  const root = join(folder, 'root');
  await mkdir(join(root, 'bin'), { recursive: true });
  for (const name of ['etc', 'tmp', 'root']) await mkdir(join(root, name));
  const busybox = join(root, 'bin', 'busybox');
  await copyFile(await staticBusybox(folder), busybox);
  await chmod(busybox, 0o755);
  const { stdout } = await run(busybox, ['--list']);
  for (const applet of stdout.split('\n').filter((name) => name && name !== 'busybox'))
    await symlink('busybox', join(root, 'bin', applet));
  return root;
}

/** Debian's busybox-static, fetched and unpacked but not installed. */
async function staticBusybox(folder) {
  const download = () => capture('apt-get', ['download', '-q', 'busybox-static'], { cwd: folder });
  if ((await download()).code !== 0) {
    const [command, ...args] = [...(await privilege()), 'apt-get', 'update', '-q'];
    await run(command, args);
    await download();
  }
  const deb = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (!deb) throw new Error('neither a registry nor busybox-static from Debian can be reached');
  await run('dpkg-deb', ['-x', join(folder, deb), join(folder, 'deb')]);
  const found = ['bin/busybox', 'usr/bin/busybox']
    .map((path) => join(folder, 'deb', path))
    .find(existsSync);
  if (!found) throw new Error('busybox-static has no busybox');
  return found;
}
