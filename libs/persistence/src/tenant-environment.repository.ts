import type { Prisma } from '@prisma/client';
import type { Database } from './database';
import type { EnvironmentRow } from './environment.repository';
import { asNodeRow, type NodeRow } from './node.repository';
import { pageOf, type Page, type PageRequest } from './page';

/** An environment as its owner sees it. */
export interface TenantEnvironment {
  environment: EnvironmentRow;
  provider: { id: string; name: string; type: string };
  application: { id: string; name: string };
  integrations: string[];
  /** In the order of the request; those that are gone only when they were asked for. */
  nodes: NodeRow[];
}

export interface EventRow {
  id: bigint;
  nodeId: string | null;
  node: { name: string } | null;
  type: string;
  phase: string | null;
  code: string | null;
  message: string;
  createdAt: Date;
}

export interface OutputRow {
  id: bigint;
  package: string;
  text: string;
  createdAt: Date;
}

const names = { select: { id: true, name: true } } as const;
const relations = {
  provider: { select: { id: true, name: true, type: true } },
  application: names,
  integrations: { select: { integrationId: true } },
} as const;
const living = { phase: { not: 'absent' } };

/** What an organisation may read of its environments; another organisation's are not there. */
export class TenantEnvironmentRepository {
  constructor(private readonly db: Database) {}

  /** Null when there is none of this organisation's. One that is gone is still found. */
  async find(
    organisationId: string,
    id: string,
    { withGone = false } = {},
  ): Promise<TenantEnvironment | null> {
    const row = await this.db.client.environment.findFirst({
      where: { id, organisationId },
      include: {
        ...relations,
        nodes: { where: withGone ? {} : living, orderBy: { position: 'asc' } },
      },
    });
    return row && asTenantEnvironment(row);
  }

  /** Those that are not gone. */
  async list(organisationId: string, page: PageRequest): Promise<Page<TenantEnvironment>> {
    const rows = await this.db.client.environment.findMany({
      where: { organisationId, absentAt: null, id: { gt: page.cursor } },
      orderBy: { id: 'asc' },
      take: page.limit + 1,
      include: { ...relations, nodes: { where: living, orderBy: { position: 'asc' } } },
    });
    const { items, next } = pageOf(rows, page);
    return { items: items.map(asTenantEnvironment), next };
  }

  /** Events after one id, oldest first. The caller has checked whose the environment is. */
  events(environmentId: string, after: bigint, limit: number): Promise<EventRow[]> {
    return this.db.client.nodeEvent.findMany({
      where: { environmentId, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: limit,
      select: {
        id: true,
        nodeId: true,
        node: { select: { name: true } },
        type: true,
        phase: true,
        code: true,
        message: true,
        createdAt: true,
      },
    });
  }

  /** What a node's installations printed, oldest first: the last `limit` pieces. */
  async output(nodeId: string, limit: number): Promise<OutputRow[]> {
    const rows = await this.db.client.installOutput.findMany({
      where: { nodeId },
      orderBy: { id: 'desc' },
      take: limit,
      select: { id: true, package: true, text: true, createdAt: true },
    });
    return rows.reverse();
  }
}

type Loaded = Prisma.EnvironmentGetPayload<{ include: typeof relations & { nodes: true } }>;

function asTenantEnvironment(row: Loaded): TenantEnvironment {
  const { provider, application, integrations, nodes, ...environment } = row;
  return {
    environment: environment as EnvironmentRow,
    provider,
    application,
    integrations: integrations.map((entry) => entry.integrationId),
    nodes: nodes.map(asNodeRow),
  };
}
