import { EnvironmentRepository, NodeRepository } from '@cloudhero/persistence';
import { Sealer } from '@cloudhero/secrets';
import { Injectable } from '@nestjs/common';
import { NodeRun } from './node-run';

/** Opens runs over nodes. */
@Injectable()
export class NodeRunsService {
  constructor(
    private readonly nodes: NodeRepository,
    private readonly environments: EnvironmentRepository,
    private readonly sealer: Sealer,
  ) {}

  /** `signal`: aborted when nobody wants the run any more. */
  open(id: string, signal: AbortSignal): NodeRun {
    const { nodes, environments, sealer } = this;
    return new NodeRun(id, { nodes, environments, sealer }, signal);
  }
}
