import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net';
import { forwardUpgrade } from './forward-upgrade';
import { httpTarget } from './target';

const closers: (() => unknown)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

const SWITCH = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

/** An engine that reads one request (`head` and a body of `length`), then does as `then` says. */
async function engine(length: number, then: (socket: Socket, request: string) => unknown) {
  const sockets = new Set<Socket>();
  const server = createTcp({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => undefined));
    let seen = '';
    const read = (chunk: Buffer) => {
      seen += chunk.toString('latin1');
      const end = seen.indexOf('\r\n\r\n');
      if (end < 0 || seen.length < end + 4 + length) return;
      socket.off('data', read).pause();
      then(socket, seen);
    };
    socket.on('data', read);
  }).listen(0, '127.0.0.1');
  closers.push(
    () => server.close(),
    () => sockets.forEach((socket) => socket.destroy()),
  );
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A client's connection to a proxy in front of the engine, the request sent. */
async function client(enginePort: number, request: string): Promise<Socket> {
  const target = httpTarget(`http://127.0.0.1:${enginePort}`);
  const server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', (req, socket, head) =>
    forwardUpgrade(req, socket, head, target, { path: req.url ?? '/' }),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  // When the client is gone, nothing of its connection may be left.
  const closed = new Promise((resolve) => server.on('close', resolve));
  closers.push(() => (server.close(), socket.destroy(), target.agent.destroy(), closed));
  socket.on('error', () => undefined).write(request);
  return socket;
}

/** All that comes until the end; unlike `text()` of Node it leaves the other direction open. */
async function text(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).resume();
  await once(socket, 'end');
  return Buffer.concat(chunks).toString('latin1');
}

const ATTACH =
  'POST /attach HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n';
const EXEC =
  'POST /exec HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 13\r\n\r\n{"Tty":false}';

it('keeps the other direction open when the client ends its own', async () => {
  const port = await engine(0, async (socket) => {
    socket.write(SWITCH);
    socket.end(`heard ${(await text(socket)).length}`);
  });
  const socket = await client(port, ATTACH);
  const input = Buffer.alloc(1024 * 1024, 'x');
  socket.end(input);
  expect(await text(socket)).toMatch(
    new RegExp(`^HTTP/1.1 101 UPGRADED\r\n[^]*heard ${input.length}$`),
  );
});

it('keeps the other direction open when the engine ends its own', async () => {
  let heard: (said: string) => void = () => undefined;
  const late = new Promise<string>((resolve) => (heard = resolve));
  const port = await engine(0, async (socket) => {
    socket.end(`${SWITCH}bye`);
    heard(await text(socket));
  });
  const socket = await client(port, ATTACH);
  expect(await text(socket)).toMatch(/bye$/);
  socket.end('still here');
  expect(await late).toBe('still here');
});

it('passes on a body that comes with the request, and the bytes after it as the stream', async () => {
  const port = await engine(13, async (socket, request) => {
    socket.write(`${SWITCH}${request.slice(-13)}|`);
    socket.end(await text(socket));
  });
  const socket = await client(port, `${EXEC}early `);
  socket.end('late');
  expect(await text(socket)).toMatch(/\{"Tty":false\}\|early late$/);
});

it('gives the client an answer that is not an upgrade, whole, and closes', async () => {
  const body = '{"message":"No such container: x"}';
  const port = await engine(0, (socket) =>
    socket.write(
      `HTTP/1.1 404 Not Found\r\nApi-Version: 1.41\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    ),
  );
  // A second request on the same connection would go unchecked: it must not arrive.
  const socket = await client(port, `${ATTACH}POST /swarm/leave HTTP/1.1\r\n\r\n`);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 404 Not Found\r\n/);
  expect(answer).toContain('Api-Version: 1.41');
  expect(answer.toLowerCase()).toContain('connection: close');
  expect(answer.endsWith(body)).toBe(true);
});

it('tunnels after an old engine’s 200, too', async () => {
  const port = await engine(0, async (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n');
    socket.end(`heard ${await text(socket)}`);
  });
  const socket = await client(port, ATTACH);
  socket.end('me');
  expect(await text(socket)).toMatch(/heard me$/);
});

it('closes the engine’s connection when the client’s breaks, and the other way round', async () => {
  let gone: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (gone = resolve));
  const port = await engine(0, (socket) => {
    socket.on('close', gone).resume();
    socket.write(`${SWITCH}x`);
  });
  const first = await client(port, ATTACH);
  await once(first, 'data');
  first.resetAndDestroy();
  await closed;

  const dying = await engine(0, (socket) => {
    socket.write(`${SWITCH}x`);
    setTimeout(() => socket.resetAndDestroy(), 50);
  });
  const second = await client(dying, ATTACH);
  second.resume();
  const hadError = await new Promise((resolve) => second.on('close', resolve));
  expect(hadError).toBe(true);
});

it('lets output arrive whole when the engine closes while input still comes', async () => {
  const output = 'o'.repeat(4 * 1024 * 1024);
  const port = await engine(0, (socket) => {
    socket.end(`${SWITCH}${output}`, () => setTimeout(() => socket.destroy(), 20));
  });
  const socket = await client(port, ATTACH);
  const feeding = setInterval(() => socket.writable && socket.write('input'), 5);
  expect((await text(socket)).length).toBeGreaterThan(output.length);
  clearInterval(feeding);
});

it('answers 502 when there is no engine', async () => {
  const socket = await client(1, ATTACH);
  expect(await text(socket)).toMatch(/^HTTP\/1.1 502 /);
});
