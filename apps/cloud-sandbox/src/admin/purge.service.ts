import { Inject, Injectable } from '@nestjs/common';
import { DoStore } from '../digitalocean/do-store';
import { Ec2Store } from '../ec2/ec2-store';
import type { DockerHost } from '../machines/docker-host';
import { MachineService } from '../machines/machine-service';
import { MachineStore } from '../machines/machine-store';
import { Timers } from '../machines/timers';
import { MACHINE_HOST } from '../sandbox.tokens';

const POLL_MS = 50;
const PATIENCE_MS = 120_000;

/** Empties the sandbox: every machine, and what it left at the engine. Accounts and knobs stay. */
@Injectable()
export class PurgeService {
  constructor(
    private readonly store: MachineStore,
    private readonly machines: MachineService,
    private readonly ec2: Ec2Store,
    private readonly digitalOcean: DoStore,
    private readonly timers: Timers,
    @Inject(MACHINE_HOST) private readonly host: DockerHost | undefined,
  ) {}

  async purge(): Promise<void> {
    for (const { id } of [...this.store.all()]) this.machines.delete(id);
    const deadline = Date.now() + PATIENCE_MS;
    while ([...this.store.all()].some(({ state }) => state !== 'deleted')) {
      if (Date.now() > deadline) throw new Error('Some machines do not go away; see the log');
      await this.timers.sleep(POLL_MS);
    }
    await this.host?.purge();
    this.ec2.clear();
    this.digitalOcean.clear();
    for (const { id } of [...this.store.all()]) this.store.forget(id);
    this.store.flush();
  }
}
