import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface CliResult {
  stdout: string;
  stderr: string;
  code: number;
}

export interface CliOptions {
  /** Written to standard input, which is then closed. */
  input?: Buffer | string;
  /** Runs the CLI on a pseudo terminal (`-it`). */
  tty?: boolean;
  /** Ends the CLI (SIGINT) after so long, as a user who presses Ctrl-C. */
  interruptAfterMs?: number;
}

/** A cluster behind one address, and the stock CLI set up to use it. */
export interface CliSetting {
  docker: (args: string[], options?: CliOptions) => Promise<CliResult>;
  /** A small image with busybox that every node has. Nodes must have equally many containers. */
  image: string;
  nodeCount: number;
  /** `docker save` of a small image that no node has, and its name; without it `load` is left out. */
  archive?: { path: string; image: string };
  /** An image that can be pulled and that no node has; without it `pull` is left out. */
  pullable?: string;
}

export interface CliScenario {
  name: string;
  run(setting: CliSetting): Promise<void>;
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const unique = (word: string) => `${word}-${randomBytes(4).toString('hex')}`;

/** Runs the CLI and expects it to succeed. @returns its output without the last newline. */
async function ok({ docker }: CliSetting, args: string[], options?: CliOptions): Promise<string> {
  const { stdout, stderr, code } = await docker(args, options);
  assert.equal(code, 0, `docker ${args.join(' ')} failed: ${stderr || stdout}`);
  return stdout.trimEnd();
}

async function fails({ docker }: CliSetting, args: string[], message: RegExp) {
  const { stderr, code } = await docker(args);
  assert.notEqual(code, 0, `docker ${args.join(' ')} should fail`);
  assert.match(stderr, message);
}

/** Runs `work` with a container that sleeps, and removes it. */
async function withContainer(
  setting: CliSetting,
  work: (id: string, name: string) => Promise<void>,
) {
  const name = unique('scenario');
  const id = await ok(setting, ['run', '-d', '--name', name, setting.image, 'sleep', '600']);
  try {
    await work(id, name);
  } finally {
    await setting.docker(['rm', '-f', name]);
  }
}

const nodeOf = (setting: CliSetting, id: string) =>
  ok(setting, ['inspect', '-f', '{{.Node.Name}}', id]);

export const CLI_SCENARIOS: readonly CliScenario[] = [
  {
    name: 'info and version show one engine with the room of all',
    async run(setting) {
      const info = JSON.parse(await ok(setting, ['info', '-f', '{{json .}}'])) as {
        SystemStatus: [string, string][];
        ServerVersion: string;
      };
      assert.deepEqual(info.SystemStatus[0], ['Nodes', String(setting.nodeCount)]);
      const version = await ok(setting, ['version', '-f', '{{.Server.Version}}']);
      assert.equal(version, info.ServerVersion);
    },
  },
  {
    name: 'containers are spread over the nodes, and listed as one',
    async run(setting) {
      const names = Array.from({ length: setting.nodeCount }, () => unique('spread'));
      try {
        await Promise.all(
          names.map((name) =>
            ok(setting, ['run', '-d', '--name', name, setting.image, 'sleep', '600']),
          ),
        );
        const nodes = await Promise.all(names.map((name) => nodeOf(setting, name)));
        assert.equal(new Set(nodes).size, setting.nodeCount, `they are on ${nodes.join(', ')}`);
        const filters = ['--filter', 'name=spread-', '--format', '{{.Names}}'];
        const listed = (await ok(setting, ['ps', ...filters])).split('\n');
        for (const name of names) assert.ok(listed.includes(name), `${name} is listed`);
      } finally {
        await setting.docker(['rm', '-f', ...names]);
      }
    },
  },
  {
    name: 'create, start, rename, restart, stop, start, kill, wait, rm',
    async run(setting) {
      const [name, other] = [unique('life'), unique('life')];
      const id = await ok(setting, ['create', '--name', name, setting.image, 'sleep', '600']);
      const state = () => ok(setting, ['inspect', '-f', '{{.State.Status}}', id]);
      assert.equal(await state(), 'created');
      await ok(setting, ['start', id.slice(0, 12)]);
      await ok(setting, ['rename', name, other]);
      await fails(setting, ['inspect', name], /No such object/i);
      await ok(setting, ['restart', '-t', '0', other]);
      assert.equal(await state(), 'running');
      await ok(setting, ['stop', '-t', '0', other]);
      assert.equal(await state(), 'exited');
      await ok(setting, ['start', other]);
      const waiting = ok(setting, ['wait', other]);
      await wait(300);
      await ok(setting, ['kill', other]);
      assert.equal(await waiting, '137');
      await ok(setting, ['rm', other]);
      const rest = await ok(setting, ['ps', '-aq', '--filter', `id=${id}`]);
      assert.equal(rest, '');
    },
  },
  {
    name: 'a name is taken once in the cluster, and free again after --rm',
    async run(setting) {
      await withContainer(setting, (_, name) =>
        fails(
          setting,
          ['create', '--name', name, setting.image, 'true'],
          /Conflict.*already in use/,
        ),
      );
      const name = unique('again');
      for (let round = 0; round < 3; round++) {
        const said = await ok(setting, [
          'run',
          '--rm',
          '--name',
          name,
          setting.image,
          'echo',
          'hi',
        ]);
        assert.equal(said, 'hi');
      }
    },
  },
  {
    name: 'run gives output, errors and the exit code',
    async run(setting) {
      const script = 'echo out; echo err >&2; exit 7';
      const result = await setting.docker(['run', '--rm', setting.image, 'sh', '-c', script]);
      assert.deepEqual(result, { stdout: 'out\n', stderr: 'err\n', code: 7 });
    },
  },
  {
    name: 'run -i takes a megabyte on standard input, whose end the container sees',
    async run(setting) {
      const input = randomBytes(1024 * 1024);
      const said = await ok(setting, ['run', '-i', '--rm', setting.image, 'sha256sum'], { input });
      assert.equal(said.split(' ')[0], sha256(input));
    },
  },
  {
    name: 'run -it has a terminal and the exit code',
    async run(setting) {
      const script = 'test -t 0 && test -t 1 && echo terminal; exit 5';
      const args = ['run', '-it', '--rm', setting.image, 'sh', '-c', script];
      const { stdout, code } = await setting.docker(args, { tty: true });
      assert.match(stdout, /terminal/);
      assert.equal(code, 5);
    },
  },
  {
    name: 'exec, exec -i and exec -it work and give exit codes',
    async run(setting) {
      await withContainer(setting, async (_, name) => {
        assert.equal(await ok(setting, ['exec', name, 'echo', 'there']), 'there');
        const input = randomBytes(300_000);
        const sum = await ok(setting, ['exec', '-i', name, 'sha256sum'], { input });
        assert.equal(sum.split(' ')[0], sha256(input));
        const script = 'test -t 0 && echo terminal; exit 3';
        const args = ['exec', '-it', name, 'sh', '-c', script];
        const { stdout, code } = await setting.docker(args, { tty: true });
        assert.match(stdout, /terminal/);
        assert.equal(code, 3);
      });
    },
  },
  {
    name: 'logs -f follows until the container ends, and can be left',
    async run(setting) {
      const script = 'for i in 1 2 3 4; do echo line $i; sleep 0.3; done';
      const id = await ok(setting, ['run', '-d', setting.image, 'sh', '-c', script]);
      assert.equal(await ok(setting, ['logs', '-f', id]), 'line 1\nline 2\nline 3\nline 4');
      await ok(setting, ['rm', id]);
      await withContainer(setting, async (_, name) => {
        const left = await setting.docker(['logs', '-f', name], { interruptAfterMs: 700 });
        assert.equal(left.stdout, '');
      });
    },
  },
  {
    name: 'attach shows what a running container says and gives its exit code',
    async run(setting) {
      const script = 'sleep 1; echo late; exit 4';
      const id = await ok(setting, ['run', '-d', setting.image, 'sh', '-c', script]);
      const { stdout, code } = await setting.docker(['attach', id]);
      assert.equal(stdout, 'late\n');
      assert.equal(code, 4);
      await ok(setting, ['rm', id]);
    },
  },
  {
    name: 'cp both ways keeps every byte',
    async run(setting) {
      const folder = await mkdtemp(join(tmpdir(), 'cli-cp-'));
      try {
        const data = randomBytes(3 * 1024 * 1024);
        await writeFile(join(folder, 'there'), data);
        await withContainer(setting, async (_, name) => {
          await ok(setting, ['cp', join(folder, 'there'), `${name}:/tmp/there`]);
          const sum = await ok(setting, ['exec', name, 'sha256sum', '/tmp/there']);
          assert.equal(sum.split(' ')[0], sha256(data));
          await ok(setting, ['cp', `${name}:/tmp/there`, join(folder, 'back')]);
          assert.equal(sha256(await readFile(join(folder, 'back'))), sha256(data));
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  },
  {
    name: 'inspect says which node it is; ids, beginnings of ids, names and node/name all work',
    async run(setting) {
      await withContainer(setting, async (id, name) => {
        const [inspected] = JSON.parse(await ok(setting, ['inspect', name])) as [
          { Id: string; Node: Record<string, unknown> },
        ];
        assert.equal(inspected.Id, id);
        const node = inspected.Node;
        assert.deepEqual(Object.keys(node).sort(), [
          'Addr',
          'Cpus',
          'ID',
          'IP',
          'Labels',
          'Memory',
          'Name',
        ]);
        assert.equal(node['Addr'], `${String(node['IP'])}:4000`);
        for (const reference of [id, id.slice(0, 8), name, `${String(node['Name'])}/${name}`]) {
          assert.equal(await ok(setting, ['inspect', '-f', '{{.Id}}', reference]), id);
        }
        await fails(setting, ['inspect', unique('nothing')], /No such object/i);
      });
    },
  },
  {
    name: 'top, port, stats',
    async run(setting) {
      const args = ['run', '-d', '-p', '8080', setting.image, 'sleep', '600'];
      const id = await ok(setting, args);
      try {
        assert.match(await ok(setting, ['top', id]), /sleep 600/);
        assert.match(await ok(setting, ['port', id, '8080']), /:\d+/);
        const stats = await ok(setting, ['stats', '--no-stream', '--format', '{{.ID}}', id]);
        assert.ok(id.startsWith(stats));
        const all = await ok(setting, ['stats', '--no-stream', '--format', '{{.ID}}']);
        assert.ok(all.split('\n').some((each) => id.startsWith(each)));
      } finally {
        await setting.docker(['rm', '-f', id]);
      }
    },
  },
  {
    name: 'tag and rmi reach every node',
    async run(setting) {
      const tag = `${unique('tagged')}:1`;
      await ok(setting, ['tag', setting.image, tag]);
      const listed = await ok(setting, ['images', '-q', tag]);
      assert.equal(listed.split('\n').length, 1);
      // A container on any node finds it.
      const names = Array.from({ length: setting.nodeCount }, () => unique('tagged'));
      for (const name of names) await ok(setting, ['create', '--name', name, tag, 'true']);
      const nodes = await Promise.all(names.map((name) => nodeOf(setting, name)));
      assert.equal(new Set(nodes).size, setting.nodeCount);
      await ok(setting, ['rm', ...names]);
      await ok(setting, ['rmi', tag]);
      assert.equal(await ok(setting, ['images', '-q', tag]), '');
      await fails(setting, ['rmi', tag], /No such image/);
    },
  },
  {
    name: 'load puts an image on every node',
    async run(setting) {
      if (!setting.archive) return;
      const { path, image } = setting.archive;
      const said = await ok(setting, ['load', '-i', path]);
      assert.equal(said.match(/Loaded image/g)?.length, setting.nodeCount);
      await ok(setting, ['rmi', image]);
    },
  },
  {
    name: 'pull gives every node the image',
    async run(setting) {
      if (!setting.pullable) return;
      const said = await ok(setting, ['pull', setting.pullable]);
      assert.equal(said.match(/Digest: /g)?.length, setting.nodeCount);
      await ok(setting, ['rmi', setting.pullable]);
    },
  },
  {
    name: 'pull of nothing fails with the engine’s own words',
    run: (setting) => fails(setting, ['pull', '127.0.0.1:9/nothing'], /127\.0\.0\.1:9/),
  },
  {
    name: 'a volume decides where its containers go',
    async run(setting) {
      const name = unique('volume');
      await ok(setting, ['volume', 'create', name]);
      const listed = await ok(setting, ['volume', 'ls', '-q', '--filter', `name=${name}`]);
      assert.equal(listed, name);
      for (let round = 0; round < setting.nodeCount; round++) {
        const script = 'echo x >> /data/file; wc -l < /data/file';
        const args = ['run', '--rm', '-v', `${name}:/data`, setting.image, 'sh', '-c', script];
        assert.equal((await ok(setting, args)).trim(), String(round + 1));
      }
      await ok(setting, ['volume', 'rm', name]);
      await fails(setting, ['volume', 'inspect', name], /no such volume/i);
    },
  },
  {
    name: '--volumes-from and --network container: go beside the container that they name',
    async run(setting) {
      await withContainer(setting, async (id, name) => {
        const home = await nodeOf(setting, id);
        for (const flag of [`--volumes-from=${name}`, `--network=container:${name}`]) {
          const other = await ok(setting, ['create', flag, setting.image, 'true']);
          assert.equal(await nodeOf(setting, other), home);
          await ok(setting, ['rm', other]);
        }
      });
    },
  },
  {
    name: 'networks are listed once, and containers of a local one reach one another',
    async run(setting) {
      const format = ['--format', '{{.Name}}'];
      const names = (await ok(setting, ['network', 'ls', ...format])).split('\n');
      assert.equal(names.filter((name) => name === 'bridge').length, 1);
      const network = unique('network');
      await ok(setting, ['network', 'create', network]);
      const server = unique('server');
      const serve = ['run', '-d', '--name', server, '--network', network, setting.image];
      await ok(setting, [...serve, 'sleep', '600']);
      const ask = ['run', '--rm', '--network', network, setting.image, 'ping', '-c1', server];
      assert.match(await ok(setting, ask), /1 packets received/);
      await ok(setting, ['rm', '-f', server]);
      await ok(setting, ['network', 'rm', network]);
    },
  },
  {
    name: 'events of every node arrive while they happen',
    async run(setting) {
      const filters = ['--filter', 'event=create', '--format', '{{.Actor.Attributes.name}}'];
      const watching = setting.docker(['events', ...filters], { interruptAfterMs: 8000 });
      await wait(1500);
      const names = Array.from({ length: setting.nodeCount }, () => unique('event'));
      for (const name of names)
        await ok(setting, ['create', '--name', name, setting.image, 'true']);
      const { stdout } = await watching;
      for (const name of names) assert.ok(stdout.includes(name), `${name} in ${stdout}`);
      await ok(setting, ['rm', ...names]);
    },
  },
  {
    name: 'system df adds up',
    async run(setting) {
      assert.match(await ok(setting, ['system', 'df']), /Images/);
    },
  },
  {
    name: 'swarm mode answers through a manager, and what would break the cluster is refused',
    async run(setting) {
      const nodes = await ok(setting, ['node', 'ls', '-q']);
      assert.equal(nodes.split('\n').length, setting.nodeCount);
      assert.equal(await ok(setting, ['service', 'ls', '-q']), '');
      await fails(setting, ['swarm', 'leave', '--force'], /managed by CloudHero/);
      await fails(setting, ['swarm', 'init'], /managed by CloudHero/);
    },
  },
];
