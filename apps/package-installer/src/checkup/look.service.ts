import type { EngineInfo } from '@cloudhero/docker';
import { Injectable } from '@nestjs/common';
import { hasOtherManager } from '../cluster/cluster-members';
import { ClusterViewService } from '../cluster/cluster-view.service';
import { EnginesService } from '../cluster/engines.service';
import { deadStrangers } from '../cluster/prune.service';
import { recipeOf } from '../recipes/recipe-book';
import type { NodeRun } from '../reconcile/node-run';
import { SshError } from '../ssh/ssh.error';
import { checkupCommand, readCheckup } from './checkup-command';
import type { Fault, Findings } from './judge-checkup';
import { membershipFault } from './membership-fault';

/** For one connection; a node that did not answer in time gets twice as long at the next look. */
const TRY_MS = 5000;
const ENGINE_MS = 5000;

/** Looks at a node: over SSH, and at its Docker engine where it has one. Changes nothing. */
@Injectable()
export class LookService {
  constructor(
    private readonly engines: EnginesService,
    private readonly views: ClusterViewService,
  ) {}

  async at(run: NodeRun): Promise<Findings> {
    const services = run.node.packages.flatMap((name) =>
      (recipeOf(name).services ?? []).map((unit) => ({ name, unit })),
    );
    const units = services.map(({ unit }) => unit);
    const findings: Findings = { bootId: null, fault: null, role: null, deadMembers: false };
    try {
      const tryMs = run.node.attempts === 0 ? TRY_MS : 2 * TRY_MS;
      const ssh = await run.ssh({ windowMs: 0, tryMs });
      const { bootId, down } = readCheckup(units, await ssh.ask(checkupCommand(units), run.signal));
      findings.bootId = bootId;
      findings.fault = packagesFault(services.filter(({ unit }) => down.includes(unit)));
    } catch (error) {
      if (!(error instanceof SshError)) throw error;
      return { ...findings, fault: unreachableFault(run, error) };
    }
    if (findings.fault || !run.node.packages.includes('docker')) return findings;
    return { ...findings, ...(await this.atEngine(run)) };
  }

  private async atEngine(run: NodeRun): Promise<Omit<Findings, 'bootId'>> {
    const { node, keys, work } = run;
    let info: EngineInfo;
    try {
      info = await this.engines.use(node, keys, (engine) => engine.info(), ENGINE_MS);
    } catch (error) {
      const message = `The node’s Docker engine does not answer: ${messageOf(error)}.`;
      const advice = 'Is port 4000 open for CloudHero, and the engine in order?';
      const fault = { code: 'not_in_cluster', mendable: true, message, advice } as const;
      return { fault, role: null, deadMembers: false };
    }
    const { clusterNodeId } = node;
    if (clusterNodeId === null) return { fault: null, role: null, deadMembers: false };
    const known = { clusterNodeId, hasManager: hasOtherManager(node, work.nodes) };
    const members = await this.views.of(run);
    const fault = membershipFault(known, info.Swarm, members);
    const role = info.Swarm.ControlAvailable ? 'manager' : 'worker';
    const deadMembers = members !== null && deadStrangers(members, work.nodes).length > 0;
    return { fault, role: fault ? null : role, deadMembers };
  }
}

function packagesFault(down: readonly { name: string; unit: string }[]): Fault | null {
  if (down.length === 0) return null;
  const units = down.map(({ unit }) => unit).join(', ');
  return {
    code: 'package_down',
    mendable: true,
    message: `What was installed does not run on the node: ${units}.`,
    advice: `\`systemctl status\` on the node says why; the node is taken back when it runs.`,
    packages: [...new Set(down.map(({ name }) => name))],
  };
}

function unreachableFault({ node }: NodeRun, error: SshError): Fault {
  const where = `${node.publicIp ?? node.privateIp ?? 'its address'}:22`;
  const why =
    error.failure === 'mismatch' ? 'something with another SSH host key is there' : error.message;
  return {
    code: 'node_unreachable',
    mendable: false,
    message: `The node does not answer at ${where}: ${why}.`,
    advice:
      'Look at its console at the cloud, at firewalls and at its load; it is taken back when it answers.',
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
