import { createServer, type Server } from 'node:http';

/**
 * `/health/live` (the process answers) and `/health/ready` (what it needs answers too) for services
 * that serve nothing else. Unready answers 503 with `Retry-After`.
 */
export function serveHealth(
  host: string,
  port: number,
  isReady: () => Promise<boolean>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      if (status === 503) response.setHeader('Retry-After', '5');
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/health/live') answer(200, { status: 'live' });
    else if (request.url === '/health/ready') {
      isReady().then(
        (ready) => answer(ready ? 200 : 503, { status: ready ? 'ready' : 'unready' }),
        () => answer(503, { status: 'unready' }),
      );
    } else answer(404, { status: 'not found' });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}
