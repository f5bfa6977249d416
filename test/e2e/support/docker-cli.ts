import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliOptions, CliResult } from './docker-cli-scenarios';
import { stack } from './stack';

export interface ClientBundle {
  ca: string;
  cert: string;
  key: string;
}

const TIMEOUT_MS = 180_000;

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The stock Docker CLI, given the arguments that say which engine. */
export class DockerCli {
  private constructor(
    private readonly folder: string,
    private readonly target: string[],
  ) {}

  /** At a cluster's one address; the key goes in HttpHeaders of the CLI's own configuration. */
  static forCluster(environment: string, key: string): DockerCli {
    const folder = mkdtempSync(join(tmpdir(), 'cloudhero-cli-'));
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ HttpHeaders: { 'Authentication-Token': key } }),
      { mode: 0o600 },
    );
    const host = `tcp://${new URL(stack.url).host}/swarm/${environment}`;
    return new DockerCli(folder, ['-H', host]);
  }

  /** At one node, over mutual TLS with the environment's client bundle. */
  static forNode(address: string, bundle: ClientBundle): DockerCli {
    const folder = mkdtempSync(join(tmpdir(), 'cloudhero-cli-'));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    return new DockerCli(folder, [
      '--tlsverify',
      `--tlscacert=${file('ca.pem', bundle.ca)}`,
      `--tlscert=${file('cert.pem', bundle.cert)}`,
      `--tlskey=${file('key.pem', bundle.key)}`,
      '-H',
      address,
    ]);
  }

  /** Runs `docker ARGS` to its end. */
  run(args: string[], { input, tty = false, interruptAfterMs }: CliOptions = {}) {
    return new Promise<CliResult>((resolve, reject) => {
      const child = this.start(args, tty);
      let stdout = '';
      let stderr = '';
      const timers = [setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)];
      if (interruptAfterMs !== undefined)
        timers.push(setTimeout(() => child.kill('SIGINT'), interruptAfterMs));
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (code) => {
        timers.forEach(clearTimeout);
        resolve({ code: code ?? 137, stdout, stderr });
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }

  /** Starts `docker ARGS`, its standard streams being pipes or, with `tty`, a terminal behind them. */
  private start(args: string[], tty: boolean) {
    const all = ['docker', '--config', this.folder, ...this.target, ...args];
    const [command = '', ...rest] = tty
      ? ['script', '-qefc', all.map(quoted).join(' '), '/dev/null']
      : all;
    return spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Removes what the CLI was given. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
