import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';

/**
 * Serves `/health/live` (the process answers) and `/health/ready` (all that it needs answers too) for
 * services that serve nothing else. Resolves once it listens; unready is 503 with `Retry-After`.
 */
export async function serveHealth(
  host: string,
  port: number,
  checks: Record<string, () => Promise<boolean>>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/health/live') answer(response, 200, { status: 'ok' });
    else if (path === '/health/ready') void answerReady(response, checks);
    else answer(response, 404, { status: 'not found' });
  }).listen(port, host);
  await once(server, 'listening');
  return server;
}

async function answerReady(
  response: ServerResponse,
  checks: Record<string, () => Promise<boolean>>,
) {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const up = await check().catch(() => false);
      return [name, up ? 'up' : 'down'] as const;
    }),
  );
  const ok = results.every(([, state]) => state === 'up');
  const body = { status: ok ? 'ok' : 'unavailable', ...Object.fromEntries(results) };
  if (!ok) response.setHeader('Retry-After', '5');
  answer(response, ok ? 200 : 503, body);
}

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
