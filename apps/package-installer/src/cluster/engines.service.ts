import { EngineClient, issueCertificate, type KeyPair } from '@cloudhero/docker';
import type { EnvironmentKeys } from '@cloudhero/domain';
import type { NodeRow } from '@cloudhero/persistence';
import { Injectable } from '@nestjs/common';

const DAYS = 7;
const REUSE_MS = 3 * 24 * 3_600_000;
const TIMEOUT_MS = 20_000;

/** Connections to nodes' engines, with a client certificate of our own for each environment. */
@Injectable()
export class EnginesService {
  private readonly issued = new Map<string, { pair: Promise<KeyPair>; at: number }>();

  /** A client of the node's engine; `close()` it. The engine must prove that it is this node. */
  async open(node: NodeRow, keys: EnvironmentKeys, timeoutMs = TIMEOUT_MS): Promise<EngineClient> {
    const { certificate, privateKey } = await this.certificateFor(node.environmentId, keys);
    return new EngineClient({
      host: node.publicIp ?? node.privateIp ?? '',
      serverName: node.id,
      ca: keys.ca.certificate,
      certificate,
      privateKey,
      timeoutMs,
    });
  }

  /** Opens, works and closes. */
  async use<T>(
    node: NodeRow,
    keys: EnvironmentKeys,
    work: (engine: EngineClient) => Promise<T>,
    timeoutMs?: number,
  ): Promise<T> {
    const engine = await this.open(node, keys, timeoutMs);
    try {
      return await work(engine);
    } finally {
      engine.close();
    }
  }

  private certificateFor(environmentId: string, keys: EnvironmentKeys): Promise<KeyPair> {
    const now = performance.now();
    for (const [id, { at }] of this.issued) if (now - at > REUSE_MS) this.issued.delete(id);
    const known = this.issued.get(environmentId);
    if (known) return known.pair;
    const request = { commonName: 'package-installer', usage: 'client', days: DAYS } as const;
    const pair = issueCertificate(keys.ca, request);
    this.issued.set(environmentId, { pair, at: now });
    return pair;
  }
}
