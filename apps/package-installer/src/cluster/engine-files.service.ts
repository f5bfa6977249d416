import { issueCertificate } from '@cloudhero/docker';
import { IntegrationCredentialsRepository, type NodeRow } from '@cloudhero/persistence';
import { sealContext, Sealer } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import type { NodeRun } from '../reconcile/node-run';
import type { RemoteFile } from '../ssh/shell';
import { engineTlsFiles, registryLoginFiles } from './engine-files';

/** Three years: the engine reads its certificate only when it starts, and a restart is felt. */
const DAYS = 3 * 365;

/** Makes the secret files of a node's engine. They are never kept here. */
@Injectable()
export class EngineFilesService {
  constructor(
    private readonly integrations: IntegrationCredentialsRepository,
    private readonly sealer: Sealer,
  ) {}

  /** A new server certificate for the node's names and addresses of now. */
  async tls(run: NodeRun): Promise<RemoteFile[]> {
    const { node, keys } = run;
    const server = await issueCertificate(keys.ca, {
      commonName: node.name,
      usage: 'server',
      dnsNames: [...new Set([node.id, node.name, node.serverName, 'localhost'])],
      ipAddresses: [...addressesOf(node), '127.0.0.1'],
      days: DAYS,
    });
    return engineTlsFiles(keys.ca.certificate, server);
  }

  /** Those, and the logins to the registries of the environment's integrations. */
  async all(run: NodeRun): Promise<RemoteFile[]> {
    const integrations = await this.integrations.ofEnvironment(run.node.environmentId);
    const logins = integrations.map(({ id, url, username, sealedPassword }) => ({
      url,
      username,
      password: this.sealer.open<string>(sealedPassword, sealContext.integration(id)),
    }));
    return [...(await this.tls(run)), ...registryLoginFiles(logins)];
  }
}

/** Where the node is to be reached, without repeats. */
export function addressesOf(node: NodeRow): string[] {
  return [...new Set([node.publicIp, node.privateIp].filter((address) => address !== null))];
}
