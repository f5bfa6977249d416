import { certificateExpiresAt, issueCertificate } from '@cloudhero/docker';
import { ENGINE_PORT, type EnvironmentKeys } from '@cloudhero/domain';
import { sealContext, Sealer } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../auth/audit.service';
import type { Caller } from '../auth/caller';
import { conflict } from '../http/api.error';
import { bundleCommands } from './bundle-commands';
import { EnvironmentsService } from './environments.service';

const DAYS = 365;

/** Hands out client certificates of an environment's own CA. */
@Injectable()
export class DockerBundleService {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly sealer: Sealer,
    private readonly audit: AuditService,
  ) {}

  /** `host` is the API's own, as the client knows it. @throws ApiError 404, 409 */
  async issue(caller: Caller, id: string, host: string) {
    const { environment, nodes } = await this.environments.find(caller.organisationId, id);
    const engines = nodes.flatMap((node) => {
      const address = node.publicIp ?? node.privateIp;
      const serves = node.installedPackages.includes('docker') && node.phase === 'ready';
      return serves && address ? [{ name: node.name, host: address, port: ENGINE_PORT }] : [];
    });
    const [first] = engines;
    if (!first || !environment.sealedKeys) {
      throw conflict('no_docker_node', 'No node of this environment serves Docker yet.');
    }
    const { ca } = this.sealer.open<EnvironmentKeys>(
      environment.sealedKeys,
      sealContext.environmentKeys(id),
    );
    const { certificate, privateKey } = await issueCertificate(ca, {
      commonName: `client-${caller.keyId}`,
      usage: 'client',
      days: DAYS,
    });
    await this.audit.record(caller, 'environment.docker', id);
    return {
      ca: ca.certificate,
      cert: certificate,
      key: privateKey,
      expires_at: certificateExpiresAt(certificate).toISOString(),
      nodes: engines,
      swarm: {
        url: `tcp://${host}/swarm/${id}`,
        config: { HttpHeaders: { 'Authentication-Token': 'YOUR-API-KEY' } },
      },
      commands: bundleCommands(environment.name, first, `tcp://${host}/swarm/${id}`),
    };
  }
}
