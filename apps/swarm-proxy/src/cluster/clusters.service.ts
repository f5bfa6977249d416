import { isId, type EnvironmentKeys } from '@cloudhero/domain';
import { certificateExpiresAt, issueCertificate } from '@cloudhero/docker';
import type { ClusterRecord, ClusterRepository } from '@cloudhero/persistence';
import { sealContext, type Sealer } from '@cloudhero/secrets';
import { Cluster, type ClusterKeys } from './cluster';

const FRESH_MS = 2000;
const STALE_MS = 10_000;
const IDLE_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

interface Entry {
  cluster: Cluster;
  checkedAt: number;
  usedAt: number;
  certificateEndsAt: number;
  checking?: Promise<void>;
}

export interface ClustersOptions {
  repository: ClusterRepository;
  sealer: Sealer;
  /** Tests only: where engines listen. */
  enginePort?: number;
}

/** The clusters that are in use: opened on first use, kept up to date, closed when idle. */
export class ClustersService {
  private readonly entries = new Map<string, Entry>();
  private readonly opening = new Map<string, Promise<Cluster | null>>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: ClustersOptions) {
    this.timer = setInterval(() => this.tend(), FRESH_MS).unref();
  }

  /** An organisation's environment; null when there is none with this id, whoever's it may be. */
  async get(environmentId: string, organisationId: string): Promise<Cluster | null> {
    if (!isId(environmentId)) return null;
    const entry = this.entries.get(environmentId);
    if (entry) {
      entry.usedAt = Date.now();
      if (entry.usedAt - entry.checkedAt > STALE_MS) await this.check(environmentId, entry);
    }
    const cluster = this.entries.get(environmentId)?.cluster ?? (await this.open(environmentId));
    return cluster?.record.organisationId === organisationId ? cluster : null;
  }

  close() {
    clearInterval(this.timer);
    for (const { cluster } of this.entries.values()) cluster.close();
    this.entries.clear();
  }

  private open(id: string): Promise<Cluster | null> {
    const opening = this.opening.get(id) ?? this.load(id).finally(() => this.opening.delete(id));
    this.opening.set(id, opening);
    return opening;
  }

  private async load(id: string): Promise<Cluster | null> {
    const record = await this.options.repository.findCluster(id);
    if (!record) return null;
    const keys = await this.keysOf(record);
    const cluster = new Cluster(record, keys, this.options.enginePort);
    const now = Date.now();
    const certificateEndsAt = keys ? certificateExpiresAt(keys.pair.certificate).getTime() : now; // there may be keys the next time
    this.entries.set(id, { cluster, checkedAt: now, usedAt: now, certificateEndsAt });
    await cluster.connected();
    return cluster;
  }

  /** Our own certificate is only ever in memory. */
  private async keysOf({ id, sealedKeys }: ClusterRecord): Promise<ClusterKeys | null> {
    if (!sealedKeys) return null;
    const context = sealContext.environmentKeys(id);
    const { ca } = this.options.sealer.open<EnvironmentKeys>(sealedKeys, context);
    const pair = await issueCertificate(ca, { commonName: 'swarm-proxy', usage: 'client' });
    return { ca: ca.certificate, pair };
  }

  private tend() {
    const now = Date.now();
    for (const [id, entry] of this.entries) {
      if (now - entry.usedAt > IDLE_MS) this.forget(id);
      // Looked at while it is used; a failure of Postgres leaves things as they are.
      else if (now - entry.usedAt < 60_000) void this.check(id, entry).catch(() => undefined);
    }
  }

  private check(id: string, entry: Entry): Promise<void> {
    entry.checking ??= this.refresh(id, entry).finally(() => delete entry.checking);
    return entry.checking;
  }

  private async refresh(id: string, entry: Entry) {
    const record = await this.options.repository.findCluster(id);
    if (this.entries.get(id) !== entry) return;
    const keysChanged =
      record?.sealedKeys !== entry.cluster.record.sealedKeys ||
      (record.sealedKeys !== null && entry.certificateEndsAt - Date.now() < 30 * DAY_MS);
    if (!record || keysChanged) this.forget(id);
    else entry.cluster.update(record);
    entry.checkedAt = Date.now();
  }

  private forget(id: string) {
    this.entries.get(id)?.cluster.close();
    this.entries.delete(id);
  }
}
