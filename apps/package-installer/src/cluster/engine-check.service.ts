import type { EngineClient } from '@cloudhero/docker';
import { CloudHeroError } from '@cloudhero/domain';
import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeRun } from '../reconcile/node-run';
import { writeFile } from '../ssh/shell';
import { addressesOf, EngineFilesService } from './engine-files.service';
import { EnginesService } from './engines.service';
import { probeCertificate, type EngineCertificate } from './probe-certificate';

const RENEW_BEFORE_MS = 365 * 24 * 3_600_000;
const PAUSE_MS = 250;
/** After a boot the engine takes a while; one that never comes is started, then given up on. */
const WINDOW_MS = 30_000;

/** Makes sure that a node's engine answers from here, with a certificate that is right. */
@Injectable()
export class EngineCheckService {
  constructor(
    private readonly engines: EnginesService,
    private readonly files: EngineFilesService,
  ) {}

  /** @throws CloudHeroError `cluster_failed` when it does not come to answer. */
  async run(run: NodeRun): Promise<void> {
    const { node, keys } = run;
    await this.engines.use(node, keys, async (engine) => {
      const shown = await this.waitFor(engine, run);
      const addresses = addressesOf(node);
      if (!shown || !isRight(shown, addresses)) {
        await run.tell('Renewing the Docker engine’s certificate.');
        await this.renew(run);
        const renewed = await this.waitFor(engine, run);
        if (!renewed || !isRight(renewed, addresses)) throw unreachable(engine);
      }
      // The handshake alone does not show that the engine accepts us.
      await engine.info().catch((cause: unknown) => {
        throw unreachable(engine, cause);
      });
    });
  }

  private async waitFor(engine: EngineClient, run: NodeRun) {
    const deadline = performance.now() + WINDOW_MS;
    for (;;) {
      const shown = await probeCertificate(engine.connectOptions).catch(() => undefined);
      if (shown || performance.now() > deadline) return shown;
      run.signal.throwIfAborted();
      await sleep(PAUSE_MS);
    }
  }

  private async renew(run: NodeRun): Promise<void> {
    const ssh = await run.ssh();
    const files = await this.files.tls(run);
    const code = [...files.map(writeFile), 'systemctl restart docker'].join('\n');
    const status = await ssh.run(code, { signal: run.signal });
    if (status !== 0) {
      throw new CloudHeroError('cluster_failed', 'The Docker engine does not start on the node.');
    }
  }
}

/** Whether a certificate names every address and is good for long enough. */
export function isRight(
  shown: EngineCertificate,
  addresses: readonly string[],
  now = Date.now(),
): boolean {
  const lasting = shown.expiresAt.getTime() - now > RENEW_BEFORE_MS;
  return lasting && addresses.every((address) => shown.addresses.includes(address));
}

function unreachable({ address }: EngineClient, cause?: unknown): CloudHeroError {
  const message = `The Docker engine at ${address} does not answer. Is the port open for CloudHero?`;
  return new CloudHeroError('cluster_failed', message, { cause });
}
