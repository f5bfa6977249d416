import { cloudSandboxSchema, loadConfig } from '@cloudhero/config';
import { DockerEngine } from './machines/docker-engine';
import { ensureMachineImage } from './machines/machine-image';

/** Builds the machine image up front with its progress on standard error; prints its name. */
async function main(): Promise<void> {
  const { DOCKER_HOST } = loadConfig(cloudSandboxSchema.pick({ DOCKER_HOST: true }));
  const name = await ensureMachineImage(new DockerEngine(DOCKER_HOST), (line) =>
    process.stderr.write(`${line}\n`),
  );
  process.stdout.write(`${name}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
