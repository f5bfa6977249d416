import type { Journal } from '../machines/journal';
import type {
  ActionRecord,
  DoKeyRecord,
  DropletRecord,
  DoTagRecord,
  FirewallRecord,
} from './do.records';

const DROPLET = 'do.droplet';
const ACTION = 'do.action';
const KEY = 'do.key';
const TAG = 'do.tag';
const FIREWALL = 'do.firewall';
const COUNTER = 'do.counter';

/** Where ids start: of the size of real ones, and never given out twice. */
const FIRST_ID = { droplet: 400_000_000, action: 2_000_000_000, key: 40_000_000 };
type Counted = keyof typeof FIRST_ID;

/** The name under which a droplet's machine is kept. */
export const machineIdOf = (dropletId: number) => `droplet-${dropletId}`;

/** The droplet whose machine this is; undefined for a machine of another cloud. */
function dropletIdOf(machineId: string): number | undefined {
  return machineId.startsWith('droplet-') ? Number(machineId.slice(8)) : undefined;
}

/** DigitalOcean's resources, kept in the sandbox's journal; everything is asked for by account. */
export class DoStore {
  /** Droplets that are not gone, by account, oldest first. */
  private readonly living = new Map<string, Map<number, DropletRecord>>();
  /** The one action that locks a droplet. */
  private readonly pending = new Map<number, ActionRecord>();

  constructor(private readonly journal: Journal) {
    for (const record of this.table<DropletRecord>(DROPLET).sort((a, b) => a.id - b.id))
      if (!record.goneAt) this.of(record.account).set(record.id, record);
    for (const action of this.table<ActionRecord>(ACTION))
      if (action.status === 'in-progress') this.pending.set(action.dropletId, action);
  }

  nextId(kind: Counted): number {
    const last = this.journal.table<number>(COUNTER).get(kind) ?? FIRST_ID[kind];
    this.journal.put(COUNTER, kind, last + 1);
    return last + 1;
  }

  /** Droplets of every account, gone ones included until they are forgotten. */
  allDroplets(): Iterable<DropletRecord> {
    return this.journal.table<DropletRecord>(DROPLET).values();
  }

  /** An account's droplets that are not gone, oldest first. */
  droplets(account: string): Iterable<DropletRecord> {
    return this.of(account).values();
  }

  dropletCount(account: string): number {
    return this.of(account).size;
  }

  droplet(account: string, id: number): DropletRecord | undefined {
    return this.of(account).get(id);
  }

  dropletOfMachine(machineId: string): DropletRecord | undefined {
    const id = dropletIdOf(machineId);
    return id === undefined
      ? undefined
      : this.journal.table<DropletRecord>(DROPLET).get(String(id));
  }

  putDroplet(record: DropletRecord): void {
    if (record.goneAt) this.of(record.account).delete(record.id);
    else this.of(record.account).set(record.id, record);
    this.journal.put(DROPLET, String(record.id), record);
  }

  forgetDroplet(record: DropletRecord): void {
    this.of(record.account).delete(record.id);
    this.journal.remove(DROPLET, String(record.id));
  }

  allActions(): ActionRecord[] {
    return this.table<ActionRecord>(ACTION);
  }

  /** Newest first, as the API lists them. */
  actions(account: string): ActionRecord[] {
    return this.within<ActionRecord>(ACTION, account).reverse();
  }

  action(account: string, id: number): ActionRecord | undefined {
    const found = this.journal.table<ActionRecord>(ACTION).get(String(id));
    return found?.account === account ? found : undefined;
  }

  /** The action under way on a droplet, which locks it. */
  pendingAction(dropletId: number): ActionRecord | undefined {
    return this.pending.get(dropletId);
  }

  pendingActions(): ActionRecord[] {
    return [...this.pending.values()];
  }

  putAction(record: ActionRecord): void {
    if (record.status === 'in-progress') this.pending.set(record.dropletId, record);
    else if (this.pending.get(record.dropletId)?.id === record.id)
      this.pending.delete(record.dropletId);
    this.journal.put(ACTION, String(record.id), record);
  }

  forgetAction(record: ActionRecord): void {
    this.journal.remove(ACTION, String(record.id));
  }

  keys(account: string): DoKeyRecord[] {
    return this.within<DoKeyRecord>(KEY, account);
  }

  putKey(record: DoKeyRecord): void {
    this.journal.put(KEY, String(record.id), record);
  }

  forgetKey(record: DoKeyRecord): void {
    this.journal.remove(KEY, String(record.id));
  }

  tags(account: string): DoTagRecord[] {
    return this.within<DoTagRecord>(TAG, account);
  }

  tag(account: string, name: string): DoTagRecord | undefined {
    return this.journal.table<DoTagRecord>(TAG).get(tagKey(account, name));
  }

  /** A tag's name is the same in any case; the first one who made it chose how it is written. */
  ensureTag(account: string, name: string): DoTagRecord {
    const found = this.tag(account, name);
    if (found) return found;
    const record = { account, name };
    this.journal.put(TAG, tagKey(account, name), record);
    return record;
  }

  forgetTag({ account, name }: DoTagRecord): void {
    this.journal.remove(TAG, tagKey(account, name));
  }

  firewalls(account: string): FirewallRecord[] {
    return this.within<FirewallRecord>(FIREWALL, account);
  }

  putFirewall(record: FirewallRecord): void {
    this.journal.put(FIREWALL, record.id, record);
  }

  forgetFirewall(record: FirewallRecord): void {
    this.journal.remove(FIREWALL, record.id);
  }

  /** What there is besides droplets, of every account. */
  everything(): { keys: DoKeyRecord[]; firewalls: FirewallRecord[]; tags: DoTagRecord[] } {
    return {
      keys: this.table<DoKeyRecord>(KEY),
      firewalls: this.table<FirewallRecord>(FIREWALL),
      tags: this.table<DoTagRecord>(TAG),
    };
  }

  /** Forgets every resource of every account; ids are not used again. */
  clear(): void {
    this.living.clear();
    this.pending.clear();
    for (const name of [DROPLET, ACTION, KEY, TAG, FIREWALL])
      for (const key of [...this.journal.table(name).keys()]) this.journal.remove(name, key);
  }

  /** What was answered is on disk before the answer leaves. */
  flush(): void {
    this.journal.flush();
  }

  private of(account: string): Map<number, DropletRecord> {
    let records = this.living.get(account);
    if (!records) this.living.set(account, (records = new Map<number, DropletRecord>()));
    return records;
  }

  private table<T>(name: string): T[] {
    return [...this.journal.table<T>(name).values()];
  }

  private within<T extends { account: string }>(name: string, account: string): T[] {
    return this.table<T>(name).filter((record) => record.account === account);
  }
}

const tagKey = (account: string, name: string) => `${account}/${name.toLowerCase()}`;
