import { TenantProviderRepository } from '@cloudhero/persistence';
import { CloudClient, type Orphan } from '@cloudhero/queue';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict, notFound } from '../http/api.error';
import { cloudFailure, cloudReadFailure } from '../http/cloud-failure';
import { orphanPath } from './orphan.dto';

/** What is at a customer's cloud with our mark on it, and no row of ours knows. */
@Injectable()
export class OrphansService {
  constructor(
    private readonly providers: TenantProviderRepository,
    private readonly cloud: CloudClient,
    private readonly audit: AuditService,
  ) {}

  /** @throws ApiError 404, 502, 503 */
  async list({ organisationId }: Caller, providerId: string) {
    await this.find(organisationId, providerId);
    const answer = await this.cloud.ask('provider.orphans', { providerId });
    if (!answer.ok) throw cloudReadFailure(answer);
    const { orphans, regions, unreachable } = answer.value;
    return { orphans: orphans.map(printOrphan), regions, unreachable };
  }

  /** Deletes all that are orphans now. @throws ApiError 404, 422, 502, 503 */
  async removeAll(caller: Caller, providerId: string) {
    await this.find(caller.organisationId, providerId);
    // Written down first: whatever becomes of the answer, somebody asked for it.
    await this.audit.record(caller, 'provider.orphans.delete', providerId);
    const answer = await this.cloud.ask('provider.orphans.delete', { providerId });
    if (!answer.ok) throw cloudFailure(answer);
    const { deleted, kept, unreachable } = answer.value;
    return {
      deleted: deleted.map(printOrphan),
      kept: kept.map(({ code, message, ...orphan }) => ({
        ...printOrphan(orphan),
        code,
        message,
      })),
      unreachable,
    };
  }

  /** Deletes one, if it is an orphan still. @throws ApiError 404, 409 while it is in use, 422, 502, 503 */
  async remove(caller: Caller, providerId: string, path: Record<string, string>): Promise<void> {
    await this.find(caller.organisationId, providerId);
    const { data: orphan } = orphanPath.safeParse(path);
    if (!orphan) throw notFound('orphan');
    const target = `${providerId}/${orphan.region}/${orphan.kind}/${orphan.id}`;
    await this.audit.record(caller, 'provider.orphan.delete', target);
    const answer = await this.cloud.ask('provider.orphans.delete', { providerId, orphan });
    if (!answer.ok) throw cloudFailure(answer);
    const { deleted, kept } = answer.value;
    const [reason] = kept;
    if (reason?.code === 'conflict') throw conflict('in_use', reason.message);
    if (reason) throw cloudReadFailure({ ok: false, temporary: true, ...reason });
    if (deleted.length === 0) throw notFound('orphan');
  }

  private async find(organisationId: string, providerId: string) {
    if (!(await this.providers.find(organisationId, providerId))) throw notFound('provider');
  }
}

function printOrphan({ id, kind, region, name, environmentId, createdAt }: Orphan) {
  return { id, kind, region, name, environment: environmentId, created_at: createdAt };
}
