import { createServer, type Server, type ServerResponse } from 'node:http';

/** Answers `/health/live` and `/health/ready`; a worker has no need of more HTTP than that. */
export function healthServer(checks: Record<string, () => Promise<boolean>>): Server {
  const ready = async (response: ServerResponse) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const up = await check().catch(() => false);
        return [name, up ? 'up' : 'down'] as const;
      }),
    );
    const ok = results.every(([, state]) => state === 'up');
    answer(response, ok ? 200 : 503, {
      status: ok ? 'ok' : 'unavailable',
      ...Object.fromEntries(results),
    });
  };
  return createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/health/live') answer(response, 200, { status: 'ok' });
    else if (path === '/health/ready') void ready(response);
    else answer(response, 404, { status: 'not found' });
  });
}

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
