import { Inject, Injectable } from '@nestjs/common';
import { NodeRepository } from '@cloudhero/persistence';
import type { Logger } from '@cloudhero/telemetry';
import { EngineFilesService } from '../cluster/engine-files.service';
import { recipeOf } from '../recipes/recipe-book';
import type { NodeRun } from '../reconcile/node-run';
import { NO_ERROR, type StepResult } from '../reconcile/step';
import { LOGGER } from '../tokens';
import { installFailure } from './install-failure';
import { installScript } from './install-script';
import { OutputBuffer } from './output-buffer';

/** Installs one package on a node, and keeps what that prints for the customer. */
@Injectable()
export class InstallStep {
  constructor(
    private readonly nodes: NodeRepository,
    private readonly engineFiles: EngineFilesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async run(run: NodeRun, name: string): Promise<StepResult> {
    const { node } = run;
    const since = performance.now();
    const files = name === 'docker' ? await this.engineFiles.all(run) : [];
    const [ssh] = await Promise.all([run.ssh(), run.tell(`Installing ${name}.`)]);
    const output = new OutputBuffer(
      (text) => this.nodes.addOutput(node.id, name, text),
      (error) => this.logger.warn({ err: error, nodeId: node.id }, 'output was not kept'),
    );
    let status: number;
    try {
      status = await ssh.run(installScript(recipeOf(name), files), {
        signal: run.signal,
        onOutput: (text) => output.push(text),
      });
    } finally {
      await output.end();
    }
    if (status !== 0) throw installFailure(name, status, output.tail);
    const seconds = ((performance.now() - since) / 1000).toFixed(1);
    await run.save(
      { ...NO_ERROR, installedPackages: [...node.installedPackages, name] },
      { type: 'progress', message: `Installed ${name} in ${seconds} s; its check passed.` },
    );
    return 'again';
  }
}
