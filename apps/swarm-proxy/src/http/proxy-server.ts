import { answerUpgrade, tuneServer } from '@cloudhero/forward';
import type { Logger } from '@cloudhero/telemetry';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AccessService } from '../access/access.service';
import type { ClustersService } from '../cluster/clusters.service';
import type { Handler } from '../handlers/handlers';
import { matchRoute } from '../routing/match-route';
import { parseTarget } from '../routing/parse-target';
import type { Action } from '../routing/route-table';
import { Call, type Upgrade } from './call';
import { asDockerError, badRequest, DockerError, errorBody, notFound } from './docker.error';

export interface ProxyServerOptions {
  access: AccessService;
  clusters: ClustersService;
  handlers: Record<Action, Handler>;
  /** Whether we can serve: Postgres answers. */
  ready: () => Promise<boolean>;
  logger: Logger;
}

/**
 * The HTTP side: plain node:http, because requests are streamed and connections taken over, which a
 * framework's request and reply would only be in the way of.
 */
export class ProxyServer {
  private readonly server: Server;

  constructor(private readonly options: ProxyServerOptions) {
    this.server = createServer((req, res) => void this.onRequest(req, res));
    this.server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      void this.serve(req, { socket, head });
    });
    tuneServer(this.server);
  }

  /** @returns the port, which is chosen when `port` is 0. */
  async listen(port: number, host: string): Promise<number> {
    this.server.listen(port, host);
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Streams that are under way are cut: some never end by themselves. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async onRequest(req: IncomingMessage, res: ServerResponse) {
    if (req.url === '/health/live') return answer(res, 200, { status: 'ok' });
    if (req.url === '/health/ready') {
      const ready = await this.options.ready();
      return answer(res, ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable' });
    }
    await this.serve(req, res);
  }

  private async serve(req: IncomingMessage, answerTo: ServerResponse | Upgrade) {
    const requestId = requestIdOf(req);
    let call: Call | undefined;
    try {
      const key = await this.options.access.authenticate(req.method ?? 'GET', req.headers);
      const target = parseTarget(req.url ?? '/');
      if (target === 'bad') throw badRequest('the path is malformed');
      if (!target) throw notFound('page not found');
      const { environmentId } = target;
      const cluster = await this.options.clusters.get(environmentId, key.organisationId);
      if (!cluster) throw notFound(`no such environment: ${environmentId}`);
      const { route, name } = matchRoute(req.method ?? 'GET', target.path);
      if (route.secret && key.scope === 'read') {
        throw new DockerError(403, 'this API key may not read this', 'forbidden');
      }
      call = new Call(req, answerTo, cluster, target, name, requestId);
      await this.options.handlers[route.action](call);
    } catch (error) {
      this.fail(req, answerTo, call, requestId, error);
    }
  }

  private fail(
    req: IncomingMessage,
    answerTo: ServerResponse | Upgrade,
    call: Call | undefined,
    requestId: string,
    error: unknown,
  ) {
    if (call?.left.aborted) return;
    const known = asDockerError(error);
    if (known.status === 500 && !(error instanceof DockerError)) {
      this.options.logger.error({ err: error, requestId, method: req.method }, 'a call failed');
    }
    if (call) call.fail(known);
    else if ('head' in answerTo) {
      answerUpgrade(answerTo.socket, known.status, errorBody(known, requestId));
    } else {
      if (!req.complete) answerTo.setHeader('connection', 'close');
      answer(answerTo, known.status, errorBody(known, requestId));
    }
  }
}

function answer(res: ServerResponse, status: number, body: object) {
  const text = Buffer.from(`${JSON.stringify(body)}\n`);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
  res.end(res.req.method === 'HEAD' ? undefined : text);
}

/** The one that api-gateway gave, so that both logs can be joined. */
function requestIdOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,100}$/.test(given) ? given : randomUUID();
}
