import { createServer, type Server } from 'node:net';
import { connectNode } from './connect-node';

/** Somewhere that takes connections, and says nothing. */
function silent(): Promise<{ server: Server; port: number; tries: number[] }> {
  const tries: number[] = [];
  const server = createServer((socket) => {
    tries.push(performance.now());
    // What is not read never ends, and would keep the process.
    socket.on('error', () => undefined).resume();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' ? (address?.port ?? 0) : 0, tries });
    });
  });
}

const target = (port: number) => ({
  host: '127.0.0.1',
  port,
  username: 'nobody',
  privateKey: '',
  hostKeys: [],
});

it('is more patient with each try that brought no answer, and gives up when its time is over', async () => {
  const { server, port, tries } = await silent();
  const signal = new AbortController().signal;
  const patience = { windowMs: 1500, tryMs: 100 };
  await expect(connectNode(target(port), signal, patience)).rejects.toMatchObject({
    failure: 'refused',
  });
  server.close();
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  expect(pauses.length).toBeGreaterThanOrEqual(2);
  expect(pauses[1]).toBeGreaterThan((pauses[0] ?? 0) + 50);
});

it('tries once where it has no window, and lets go when it is told to', async () => {
  const { server, port, tries } = await silent();
  const once = { windowMs: 0, tryMs: 100 };
  await expect(connectNode(target(port), new AbortController().signal, once)).rejects.toThrow();
  expect(tries).toHaveLength(1);
  const stop = new AbortController();
  const connecting = connectNode(target(port), stop.signal, { windowMs: 60_000, tryMs: 60_000 });
  setTimeout(() => stop.abort(), 50);
  await expect(connecting).rejects.toMatchObject({ failure: 'aborted' });
  server.close();
});
