import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

interface Line {
  t: string;
  k: string;
  /** Absent: the record was removed. */
  v?: unknown;
}

const COMPACT_AFTER_LINES = 50_000;
/** How long to wait before what could not be written, for the disk is full, is tried again. */
const RETRY_MS = 1000;

/**
 * Records by table and key, kept in memory and in a file that is only ever appended to: one JSON
 * line a change. Changes made in the same turn of the event loop are one write, with the newest
 * state of each record. A process killed at any moment leaves at most a last line cut short, which
 * the next start drops; compaction writes a second file and renames it into place. While the disk is
 * full, whoever flushes is told, the file ends with a whole line, and nothing is forgotten.
 */
export class Journal {
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly dirty = new Map<string, [string, string]>();
  private readonly path: string;
  private file: number;
  /** Bytes of whole lines in the file; where the next one goes. */
  private length = 0;
  private lines = 0;
  private scheduled = false;
  private closed = false;

  /** Reads what is in `dir` and compacts it; `dir` is made where it is missing. */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.path = join(dir, 'journal.ndjson');
    if (existsSync(this.path)) this.read();
    this.file = openSync(this.path, existsSync(this.path) ? 'r+' : 'w', 0o600);
    this.tryToCompact();
  }

  /** The live records of a table; change them only through `put` and `remove`. */
  table<T>(name: string): ReadonlyMap<string, T> {
    return this.records(name) as ReadonlyMap<string, T>;
  }

  /** Keeps a record; call it again after changing the record in place. */
  put(table: string, key: string, value: unknown): void {
    this.records(table).set(key, value);
    this.mark(table, key);
  }

  remove(table: string, key: string): void {
    if (this.records(table).delete(key)) this.mark(table, key);
  }

  /**
   * Writes what has changed; when it returns, a kill loses none of it.
   * @throws when the disk does not take it; it is then written with the next flush
   */
  flush(): void {
    if (this.closed || this.dirty.size === 0) return;
    const text = [...this.dirty.values()].map(([t, k]) => this.line(t, k)).join('');
    try {
      this.length += writeAll(this.file, text, this.length);
    } catch (error) {
      ftruncateSync(this.file, this.length);
      throw error;
    }
    this.lines += this.dirty.size;
    this.dirty.clear();
    if (this.lines > COMPACT_AFTER_LINES + 4 * this.size()) this.tryToCompact();
  }

  /** Writes what it can, and closes the file whether it could or not. */
  close(): void {
    if (this.closed) return;
    try {
      this.flush();
    } finally {
      this.closed = true;
      closeSync(this.file);
    }
  }

  private records(name: string): Map<string, unknown> {
    let table = this.tables.get(name);
    if (!table) this.tables.set(name, (table = new Map<string, unknown>()));
    return table;
  }

  private mark(table: string, key: string): void {
    this.dirty.set(`${table}\0${key}`, [table, key]);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flushLater());
  }

  /** Nobody waits for this one: those who do flush themselves, and are told. */
  private flushLater(): void {
    try {
      this.flush();
      this.scheduled = false;
    } catch {
      setTimeout(() => this.flushLater(), RETRY_MS).unref();
    }
  }

  private line(t: string, k: string): string {
    return `${JSON.stringify({ t, k, v: this.records(t).get(k) } satisfies Line)}\n`;
  }

  private size(): number {
    return [...this.tables.values()].reduce((sum, table) => sum + table.size, 0);
  }

  private read(): void {
    const lines = readFileSync(this.path, 'utf8').split('\n');
    lines.pop(); // empty, or cut short by a kill
    for (const text of lines) {
      this.length += Buffer.byteLength(text) + 1;
      if (!text) continue;
      this.lines += 1;
      const { t, k, v } = JSON.parse(text) as Line;
      if (v === undefined) this.records(t).delete(k);
      else this.records(t).set(k, v);
    }
  }

  /** Goes on with the file as it is where there is no room for a second one. */
  private tryToCompact(): void {
    ftruncateSync(this.file, this.length);
    const next = `${this.path}.next`;
    let file: number | undefined;
    try {
      file = openSync(next, 'w', 0o600);
      let length = 0;
      for (const [name, table] of this.tables)
        for (const key of table.keys()) length += writeAll(file, this.line(name, key), length);
      renameSync(next, this.path);
      closeSync(this.file);
      this.file = file;
      this.length = length;
    } catch {
      if (file !== undefined) closeSync(file);
      rmSync(next, { force: true });
    }
    this.lines = 0;
  }
}

/** @returns the number of bytes written, which is all of them. */
function writeAll(file: number, text: string, position: number): number {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;)
    at += writeSync(file, bytes, at, bytes.length - at, position + at);
  return bytes.length;
}
