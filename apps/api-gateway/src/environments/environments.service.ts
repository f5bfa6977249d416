import {
  TenantEnvironmentRepository,
  type PageRequest,
  type TenantEnvironment,
} from '@cloudhero/persistence';
import { CloudClient } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller';
import { notFound } from '../http/api.error';
import { cloudReadFailure } from '../http/cloud-failure';
import { printEnvironment, printEvent, printSummary } from './print-environment';
import { printServer, printServers } from './print-servers';

/** Pieces of output, and events, that one answer holds at most. */
const MOST_PIECES = 500;

/** Reads environments. */
@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly environments: TenantEnvironmentRepository,
    private readonly cloud: CloudClient,
  ) {}

  async list(organisationId: string, page: PageRequest) {
    const { items, next } = await this.environments.list(organisationId, page);
    return { items: items.map(printSummary), next };
  }

  /** @throws ApiError 404 */
  async show(organisationId: string, id: string) {
    return printEnvironment(await this.find(organisationId, id));
  }

  /** The servers as their cloud shows them now. @throws ApiError 404, 502, 503, 504 */
  async query(caller: Caller, id: string) {
    const { environment } = await this.find(caller.organisationId, id);
    if (!environment.absentAt) {
      const answer = await this.cloud.ask('environment.observe', { environmentId: id });
      if (!answer.ok) throw cloudReadFailure(answer);
    }
    const found = await this.find(caller.organisationId, id);
    return printServers({ ...found, account: caller.organisationName }, found.nodes, printServer);
  }

  /** Events after one id. @throws ApiError 404 */
  async events(organisationId: string, id: string, after: bigint, limit = MOST_PIECES) {
    await this.find(organisationId, id);
    const rows = await this.environments.events(id, after, limit);
    return rows.map(printEvent);
  }

  /** What a node's installations printed; a node that is gone keeps its output. @throws ApiError 404 */
  async output(organisationId: string, id: string, nameOrId: string) {
    const { nodes } = await this.find(organisationId, id, { withGone: true });
    // The newest of a name comes last.
    const node = nodes.findLast((row) => row.id === nameOrId || row.name === nameOrId);
    if (!node) throw notFound('node');
    const rows = await this.environments.output(node.id, MOST_PIECES);
    return rows.map((row) => ({
      package: row.package,
      text: row.text,
      at: row.createdAt.toISOString(),
    }));
  }

  /** @throws ApiError 404 */
  async find(
    organisationId: string,
    id: string,
    options: { withGone?: boolean } = {},
  ): Promise<TenantEnvironment> {
    const found = await this.environments.find(organisationId, id, options);
    if (!found) throw notFound('environment');
    return found;
  }
}
