import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { forwardRequest, type ForwardOptions } from './forward-request';
import { httpTarget } from './target';

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function listen(listener: Listener): Promise<number> {
  const server = createServer((req, res) => void listener(req, res)).listen(0, '127.0.0.1');
  closers.push(() => server.close().closeAllConnections());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A proxy in front of `upstream`. */
async function proxy(upstream: Listener, options: Partial<ForwardOptions> = {}) {
  const target = httpTarget(`http://127.0.0.1:${await listen(upstream)}`);
  closers.push(() => target.agent.destroy());
  return listen((req, res) =>
    forwardRequest(req, res, target, { path: req.url ?? '/', ...options }),
  );
}

async function ask(port: number, method = 'GET', headers = {}, body?: Buffer) {
  const req = request({ host: '127.0.0.1', port, method, path: '/x?y=1', headers, agent: false });
  req.end(body);
  const [response] = (await once(req, 'response')) as [IncomingMessage];
  return { req, response };
}

it('passes method, path, headers and body on, and the answer back', async () => {
  const port = await proxy(async (req, res) => {
    const body = await text(req);
    res.writeHead(201, 'Made', { 'X-Answer': 'yes', Connection: 'X-Hop', 'X-Hop': '1' });
    res.end(JSON.stringify([req.method, req.url, req.headers['x-mine'], req.headers.te, body]));
  });
  const headers = { 'x-mine': 'a', te: 'trailers' };
  const { response } = await ask(port, 'POST', headers, Buffer.from('body'));
  expect(await text(response)).toBe('["POST","/x?y=1","a",null,"body"]');
  expect([response.statusCode, response.statusMessage]).toEqual([201, 'Made']);
  expect(response.headers).toMatchObject({ 'x-answer': 'yes' });
  expect(response.headers['x-hop']).toBeUndefined();
});

it('sends the head of an answer whose body comes late', async () => {
  const port = await proxy((_, res) => res.writeHead(200).flushHeaders());
  const { response, req } = await ask(port);
  expect(response.statusCode).toBe(200);
  req.destroy();
});

it('stops the upstream when the client does not read, and keeps every byte', async () => {
  const total = 64 * 1024 * 1024;
  let sent = 0;
  const port = await proxy(async (_, res) => {
    const chunk = Buffer.alloc(1024 * 1024, 7);
    for (; sent < total; sent += chunk.length) {
      if (!res.write(chunk)) await once(res, 'drain');
    }
    res.end();
  });
  const { response } = await ask(port);
  response.pause();
  await wait(300);
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  expect((await buffer(response)).length).toBe(total);
});

it('streams a body up without waiting for its end', async () => {
  const port = await proxy((req, res) => {
    req.once('data', (chunk) => res.end(`got ${String(chunk)}`));
  });
  const req = request({ host: '127.0.0.1', port, method: 'POST', agent: false });
  req.on('error', () => undefined);
  req.write('first');
  const [response] = (await once(req, 'response')) as [IncomingMessage];
  expect(await text(response)).toBe('got first');
  req.destroy();
});

it('closes the upstream at once when the client leaves', async () => {
  let closed: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (closed = resolve));
  const port = await proxy((_, res) => {
    res.on('close', closed);
    res.write('log line');
  });
  const { req, response } = await ask(port);
  response.on('error', () => undefined);
  req.destroy();
  await gone;
});

it('breaks the client’s connection when the upstream dies in the middle', async () => {
  const port = await proxy((_, res) => {
    res.write('half');
    setTimeout(() => res.destroy(), 50);
  });
  const { response } = await ask(port);
  await expect(text(response)).rejects.toThrow('aborted');
});

it('answers 502 when there is no upstream, or as the caller likes', async () => {
  const target = httpTarget('http://127.0.0.1:1');
  const plain = await listen((req, res) => forwardRequest(req, res, target, { path: '/' }));
  expect((await ask(plain)).response.statusCode).toBe(502);
  const own = await listen((req, res) =>
    forwardRequest(req, res, target, {
      path: '/',
      onError: () => res.writeHead(503).end('own'),
    }),
  );
  expect(await text((await ask(own)).response)).toBe('own');
});

it('answers a small body too when there is no upstream', async () => {
  const target = httpTarget('http://127.0.0.1:1');
  closers.push(() => target.agent.destroy());
  const port = await listen((req, res) => forwardRequest(req, res, target, { path: '/' }));
  const { response } = await ask(port, 'POST', { 'content-length': 4 }, Buffer.from('body'));
  expect(response.statusCode).toBe(502);
  response.resume();
});
