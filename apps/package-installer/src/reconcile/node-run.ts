import { NODE_USER, type EnvironmentKeys } from '@cloudhero/domain';
import type {
  EnvironmentRepository,
  EnvironmentWork,
  NodeEventInput,
  NodePatch,
  NodeRepository,
  NodeRow,
} from '@cloudhero/persistence';
import { sealContext, type Sealer } from '@cloudhero/secrets';
import { connectNode, PATIENCE } from '../ssh/connect-node';
import type { SshConnection } from '../ssh/ssh-connection';

/** How far ahead a run says that it is at work; it says so again three times as often. */
export const LEASE_MS = 30_000;

export interface RunDeps {
  nodes: NodeRepository;
  environments: EnvironmentRepository;
  sealer: Sealer;
}

/** One run of the reconciler over one node: its rows as last seen, and one SSH connection. */
export class NodeRun {
  private current?: { node: NodeRow; work: EnvironmentWork };
  private connection: SshConnection | undefined;
  private environmentKeys?: EnvironmentKeys;

  constructor(
    readonly id: string,
    private readonly deps: RunDeps,
    /** Aborted when the process stops, or when nobody wants this node's work any more. */
    readonly signal: AbortSignal,
  ) {}

  /** Loads everything afresh. @returns false when the node or its environment is gone. */
  async load(): Promise<boolean> {
    const node = await this.deps.nodes.find(this.id);
    const work = node && (await this.deps.environments.load(node.environmentId));
    if (!node || !work) return false;
    // The environment was read later; both must be of one moment.
    this.current = { node: work.nodes.find(({ id }) => id === node.id) ?? node, work };
    return true;
  }

  /** See `NodeRepository.now`. */
  now(): number {
    return this.deps.nodes.now();
  }

  /** The time so many milliseconds from now. */
  in(ms: number): Date {
    return new Date(this.now() + ms);
  }

  get node(): NodeRow {
    return this.loaded.node;
  }

  get work(): EnvironmentWork {
    return this.loaded.work;
  }

  private get loaded() {
    if (!this.current) throw new Error('load() comes first');
    return this.current;
  }

  get keys(): EnvironmentKeys {
    const { id, sealedKeys } = this.work.environment;
    if (!sealedKeys) throw new Error(`environment ${id} has no keys`);
    return (this.environmentKeys ??= this.deps.sealer.open(
      sealedKeys,
      sealContext.environmentKeys(id),
    ));
  }

  /** The node's SSH connection, made when it is first asked for. @throws SshError */
  async ssh(patience = PATIENCE): Promise<SshConnection> {
    this.connection ??= await connectNode(
      {
        host: this.node.publicIp ?? this.node.privateIp ?? '',
        username: NODE_USER,
        privateKey: this.keys.sshPrivateKey,
        hostKeys: this.hostKeys(),
      },
      this.signal,
      patience,
    );
    return this.connection;
  }

  /**
   * The node's own host key once it is known. The one from user data counts as well until the
   * first boot is over, because its replacement is written down before it is put to use.
   */
  private hostKeys(): string[] {
    const { hostPublicKey, phase, readyAt } = this.node;
    const replacing = hostPublicKey === null || (phase === 'booting' && readyAt === null);
    const fromUserData = replacing ? this.work.environment.hostPublicKey : null;
    return [hostPublicKey, fromUserData].filter((key) => key !== null);
  }

  /** The connection is no good any more; the next `ssh()` makes another. */
  disconnect(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  /** Saves and keeps the lease. @returns false when somebody else was faster: load again. */
  async save(patch: NodePatch, event?: NodeEventInput): Promise<boolean> {
    const nextReconcileAt = this.in(LEASE_MS);
    const change = { node: this.node, patch: { nextReconcileAt, ...patch } };
    const saved = await this.deps.nodes.save(event ? { ...change, event } : change);
    if (saved) this.loaded.node = saved;
    return saved !== null;
  }

  /** Says that the environment is ready, where the node was the last that was not. */
  async markReady(): Promise<void> {
    await this.deps.environments.markReady(this.node.environmentId);
  }

  /** Tells the customer of progress. */
  tell(message: string): Promise<void> {
    return this.deps.nodes.addEvent(this.node, { type: 'progress', message });
  }
}
