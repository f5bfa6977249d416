import type { Journal } from '../machines/journal';
import type {
  InstanceRecord,
  KeyPairRecord,
  Scope,
  SecurityGroupRecord,
  TokenRecord,
  VolumeRecord,
} from './ec2.records';
import { defaultVpcId, stableId } from './regions';
import { allowAll } from './security-rules';

const INSTANCE = 'ec2.instance';
const TOKEN = 'ec2.token';
const KEY_PAIR = 'ec2.keyPair';
const GROUP = 'ec2.securityGroup';
const VOLUME = 'ec2.volume';

const keyOf = ({ account, region }: Scope) => `${account}/${region}`;

/** EC2's resources, kept in the sandbox's journal; everything is asked for within one scope. */
export class Ec2Store {
  /** By scope, in the order of launches. */
  private readonly byScope = new Map<string, Map<string, InstanceRecord>>();
  private order = 0;

  constructor(private readonly journal: Journal) {
    const records = [...journal.table<InstanceRecord>(INSTANCE).values()];
    for (const record of records.sort((a, b) => (a.order < b.order ? -1 : 1))) {
      this.scopeOf(record).set(record.instanceId, record);
      this.order = Number(record.order);
    }
  }

  nextOrder(): string {
    return String(++this.order).padStart(12, '0');
  }

  allInstances(): InstanceRecord[] {
    return [...this.byScope.values()].flatMap((records) => [...records.values()]);
  }

  instances(scope: Scope): InstanceRecord[] {
    return [...this.scopeOf(scope).values()];
  }

  instance(scope: Scope, id: string): InstanceRecord | undefined {
    return this.scopeOf(scope).get(id);
  }

  putInstance(record: InstanceRecord): void {
    this.scopeOf(record).set(record.instanceId, record);
    this.journal.put(INSTANCE, record.instanceId, record);
  }

  forgetInstance(record: InstanceRecord): void {
    this.scopeOf(record).delete(record.instanceId);
    this.journal.remove(INSTANCE, record.instanceId);
  }

  instanceById(id: string): InstanceRecord | undefined {
    return this.journal.table<InstanceRecord>(INSTANCE).get(id);
  }

  /** @param zone as the request named it (by zone or subnet); empty where it left the choice. */
  token(scope: Scope, zone: string, token: string): TokenRecord | undefined {
    return this.journal.table<TokenRecord>(TOKEN).get(`${keyOf(scope)}/${zone}/${token}`);
  }

  putToken(scope: Scope, zone: string, token: string, record: TokenRecord): void {
    this.journal.put(TOKEN, `${keyOf(scope)}/${zone}/${token}`, record);
  }

  /** Drops tokens from before `time` whose instances are all gone. */
  forgetTokensBefore(time: number): void {
    for (const [key, token] of [...this.journal.table<TokenRecord>(TOKEN)])
      if (token.createdAt < time && !token.instanceIds.some((id) => this.instanceById(id)))
        this.journal.remove(TOKEN, key);
  }

  keyPairs(scope: Scope): KeyPairRecord[] {
    return within(this.journal.table<KeyPairRecord>(KEY_PAIR), scope);
  }

  putKeyPair(record: KeyPairRecord): void {
    this.journal.put(KEY_PAIR, record.keyPairId, record);
  }

  forgetKeyPair(record: KeyPairRecord): void {
    this.journal.remove(KEY_PAIR, record.keyPairId);
  }

  /** In the order of their launches. */
  volumes(scope: Scope): VolumeRecord[] {
    return within(this.journal.table<VolumeRecord>(VOLUME), scope);
  }

  volume(id: string): VolumeRecord | undefined {
    return this.journal.table<VolumeRecord>(VOLUME).get(id);
  }

  putVolume(record: VolumeRecord): void {
    this.journal.put(VOLUME, record.volumeId, record);
  }

  forgetVolume(record: VolumeRecord): void {
    this.journal.remove(VOLUME, record.volumeId);
  }

  /** Every group of the scope; the default one is there from the first look on. */
  groups(scope: Scope): SecurityGroupRecord[] {
    const found = within(this.journal.table<SecurityGroupRecord>(GROUP), scope);
    if (found.some(({ groupName }) => groupName === 'default')) return found;
    return [this.makeDefaultGroup(scope), ...found];
  }

  putGroup(record: SecurityGroupRecord): void {
    this.journal.put(GROUP, record.groupId, record);
  }

  forgetGroup(record: SecurityGroupRecord): void {
    this.journal.remove(GROUP, record.groupId);
  }

  /** What there is besides instances, of every account and region. */
  everything(): {
    volumes: VolumeRecord[];
    keyPairs: KeyPairRecord[];
    groups: SecurityGroupRecord[];
  } {
    return {
      volumes: [...this.journal.table<VolumeRecord>(VOLUME).values()],
      keyPairs: [...this.journal.table<KeyPairRecord>(KEY_PAIR).values()],
      groups: [...this.journal.table<SecurityGroupRecord>(GROUP).values()],
    };
  }

  /** Forgets every resource of every account. */
  clear(): void {
    this.byScope.clear();
    for (const table of [INSTANCE, TOKEN, KEY_PAIR, GROUP, VOLUME])
      for (const key of [...this.journal.table(table).keys()]) this.journal.remove(table, key);
  }

  /** What was answered is on disk before the answer leaves. */
  flush(): void {
    this.journal.flush();
  }

  private makeDefaultGroup({ account, region }: Scope): SecurityGroupRecord {
    const groupId = stableId('sg', account, region, 'default');
    const record: SecurityGroupRecord = {
      account,
      region,
      groupId,
      groupName: 'default',
      description: 'default VPC security group',
      vpcId: defaultVpcId(account, region),
      rules: [
        { ruleId: stableId('sgr', groupId, 'in'), egress: false, protocol: '-1', groupId },
        allowAll(stableId('sgr', groupId, 'out')),
      ],
      tags: {},
    };
    this.putGroup(record);
    return record;
  }

  private scopeOf(scope: Scope): Map<string, InstanceRecord> {
    const key = keyOf(scope);
    let records = this.byScope.get(key);
    if (!records) this.byScope.set(key, (records = new Map<string, InstanceRecord>()));
    return records;
  }
}

function within<T extends Scope>(table: ReadonlyMap<string, T>, scope: Scope): T[] {
  return [...table.values()].filter(
    ({ account, region }) => account === scope.account && region === scope.region,
  );
}
