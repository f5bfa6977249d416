import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal';

/** A file system of 256 KiB, or undefined where this user may not mount one. */
function smallDisk(): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), 'cloudhero-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', dir], { stdio: 'ignore' });
    return dir;
  } catch {
    rmSync(dir, { recursive: true });
    return undefined;
  }
}

const disk = smallDisk();
const describeOnDisk = disk ? describe : describe.skip;
if (!disk) console.warn('skipped: this user may not mount a small file system to fill');

describeOnDisk('a journal on a disk that is full', () => {
  const dir = disk ?? '';
  const filler = join(dir, 'filler');
  /** Takes every last byte. */
  const fill = () => {
    for (const bytes of [4096, 1]) {
      try {
        for (;;) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
      } catch {
        // full
      }
    }
  };
  const makeRoom = () => rmSync(filler, { force: true });
  const big = 'x'.repeat(5000);
  const kept = () => {
    const journal = new Journal(dir);
    const keys = [...journal.table('table').keys()];
    journal.close();
    return keys;
  };

  afterEach(() => {
    makeRoom();
    rmSync(join(dir, 'journal.ndjson'), { force: true });
  });
  afterAll(() => {
    execFileSync('umount', [dir]);
    rmSync(dir, { recursive: true });
  });

  it('tells whoever flushes, keeps whole lines only, and writes it all when there is room', () => {
    const journal = new Journal(dir);
    journal.put('table', 'before', {});
    journal.flush();
    fill();
    journal.put('table', 'meanwhile', { big });
    expect(() => journal.flush()).toThrow(/ENOSPC/);
    expect(readFileSync(join(dir, 'journal.ndjson'), 'utf8')).toMatch(/^\{.*\}\n$/);
    expect(() => journal.flush()).toThrow(/ENOSPC/);
    makeRoom();
    journal.put('table', 'after', {});
    journal.flush();
    journal.close();
    expect(kept()).toEqual(['before', 'meanwhile', 'after']);
  });

  it('writes what nobody flushes as soon as there is room, and does not end the process', async () => {
    const journal = new Journal(dir);
    fill();
    journal.put('table', 'key', { big });
    await new Promise((resolve) => setTimeout(resolve, 100));
    makeRoom();
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(readFileSync(join(dir, 'journal.ndjson'), 'utf8')).toContain('"k":"key"');
    journal.close();
  });

  it('starts with the file as it is where there is no room to compact it', () => {
    const journal = new Journal(dir);
    for (let turn = 0; turn < 20; turn++) {
      journal.put('table', 'key', { turn, big });
      journal.flush();
    }
    journal.close();
    fill();
    expect(kept()).toEqual(['key']);
    makeRoom();
    expect(kept()).toEqual(['key']);
    expect(readFileSync(join(dir, 'journal.ndjson'), 'utf8').split('\n')).toHaveLength(2);
  });
});
