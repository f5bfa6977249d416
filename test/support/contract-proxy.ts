import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Contract, Violation } from './contract';

/**
 * Stands between a client and DigitalOcean's API, hands everything on as it is, and notes what is
 * not as the contract has it. A connection that is cut on the one side is cut on the other.
 */
export class ContractProxy {
  readonly violations: Violation[] = [];
  /** How often each operation was answered, by operationId. */
  readonly exercised = new Map<string, number>();
  private readonly server: Server;

  private constructor(
    private readonly contract: Contract,
    private readonly target: URL,
  ) {
    this.server = createServer((incoming, outgoing) => {
      void this.forward(incoming)
        .then(({ status, headers, body }) => outgoing.writeHead(status, headers).end(body))
        .catch(() => incoming.socket.destroy());
    });
  }

  /** @param target the API's address, such as `http://127.0.0.1:8084` */
  static async start(contract: Contract, target: string): Promise<ContractProxy> {
    const proxy = new ContractProxy(contract, new URL(target));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** What a client takes for the API's address. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Operations of the contract that nobody has called through this proxy. */
  get untouched(): string[] {
    return this.contract.operationIds.filter((id) => !this.exercised.has(id));
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async forward(incoming: IncomingMessage) {
    const { method = 'GET', url = '/', headers } = incoming;
    const requestBody = await bytesOf(incoming);
    const answer = await send(this.target, { method, path: url, headers }, requestBody);
    const body = await bytesOf(answer);
    const status = answer.statusCode ?? 0;
    const id = this.contract.operationIdOf(method, url);
    if (id) this.exercised.set(id, (this.exercised.get(id) ?? 0) + 1);
    this.violations.push(
      ...this.contract.check({
        method,
        url,
        requestBody: requestBody.toString('utf8'),
        status,
        headers: answer.headers,
        body: body.toString('utf8'),
      }),
    );
    return { status, headers: answer.headers, body };
  }
}

function send(
  { hostname, port }: URL,
  options: Pick<Parameters<typeof request>[1] & object, 'method' | 'path' | 'headers'>,
  body: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ hostname, port, ...options }, resolve)
      .on('error', reject)
      .end(body);
  });
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
