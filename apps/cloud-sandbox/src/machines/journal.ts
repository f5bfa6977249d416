import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { writeSync } from 'node:fs';
import { join } from 'node:path';

interface Line {
  t: string;
  k: string;
  /** Absent: the record was removed. */
  v?: unknown;
}

const COMPACT_AFTER_LINES = 50_000;

/**
 * Records by table and key, kept in memory and in a file that is only ever appended to: one JSON
 * line a change. Changes made in the same turn of the event loop are one write, with the newest
 * state of each record. A process killed at any moment leaves at most a last line cut short, which
 * the next start drops; compaction writes a second file and renames it into place.
 */
export class Journal {
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly dirty = new Map<string, [string, string]>();
  private readonly path: string;
  private file: number;
  private lines = 0;
  private scheduled = false;
  private closed = false;

  /** Reads what is in `dir` and compacts it; `dir` is made where it is missing. */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.path = join(dir, 'journal.ndjson');
    if (existsSync(this.path)) this.read();
    this.file = this.compact();
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

  /** Writes what has changed; when it returns, a kill loses none of it. */
  flush(): void {
    if (this.closed || this.dirty.size === 0) return;
    const text = [...this.dirty.values()].map(([t, k]) => this.line(t, k)).join('');
    this.lines += this.dirty.size;
    this.dirty.clear();
    writeAll(this.file, text);
    if (this.lines > COMPACT_AFTER_LINES + 4 * this.size()) {
      closeSync(this.file);
      this.file = this.compact();
    }
  }

  close(): void {
    if (this.closed) return;
    this.flush();
    this.closed = true;
    closeSync(this.file);
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
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
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
      if (!text) continue;
      const { t, k, v } = JSON.parse(text) as Line;
      if (v === undefined) this.records(t).delete(k);
      else this.records(t).set(k, v);
    }
  }

  private compact(): number {
    const next = `${this.path}.next`;
    const file = openSync(next, 'w', 0o600);
    for (const [name, table] of this.tables)
      for (const key of table.keys()) writeAll(file, this.line(name, key));
    renameSync(next, this.path);
    this.lines = 0;
    return file;
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
