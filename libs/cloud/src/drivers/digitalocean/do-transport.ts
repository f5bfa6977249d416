import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { instance } from 'digitalocean-js/src/lib/axios-instance';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { CloudAccount } from '../../cloud-driver';
import type { MeteredCalls } from '../../metered-calls';
import { costOf, exhausted } from './do-budget';
import { asCloudError, retryAfter } from './do-errors';

export const PUBLIC_ENDPOINT = 'https://api.digitalocean.com';

/** For the connection and the answer together. A create that has not answered by then may still happen. */
export const TIMEOUT_MS = 30_000;

/** Whose call it is that the process-wide HTTP client makes. */
interface Tenant {
  baseURL: string;
  authorization: string;
  httpAgent: HttpAgent;
  httpsAgent: HttpsAgent;
  calls: MeteredCalls;
}

const tenants = new AsyncLocalStorage<Tenant>();

/**
 * digitalocean-js has one HTTP client a process, and each client that is made puts its token into it:
 * with two, one tenant's calls would go out with the other's token. So nothing is read from that
 * client's defaults, and a call that is nobody's is not made.
 */
instance.interceptors.request.use(async (config) => {
  const tenant = tenants.getStore();
  if (!tenant) throw new Error('A call to DigitalOcean without an account.');
  const { baseURL, authorization, httpAgent, httpsAgent, calls } = tenant;
  await calls.take(costOf(methodOf(config), config.url ?? ''));
  config.headers.set('Authorization', authorization);
  const inTime = AbortSignal.timeout(TIMEOUT_MS);
  return Object.assign(config, {
    baseURL,
    httpAgent,
    httpsAgent,
    // axios' own timeout begins anew with each piece of an answer.
    signal: config.signal ? AbortSignal.any([config.signal as AbortSignal, inTime]) : inTime,
    // A redirection would carry the token elsewhere; a proxy from the environment would too.
    maxRedirects: 0,
    proxy: false,
  });
});

instance.interceptors.response.use(
  (answer: AxiosResponse<unknown>) => {
    // A page of something in between, taken for an answer, would be an account without droplets.
    if (answer.status !== 204 && typeof answer.data !== 'object')
      throw new Error('The answer is not DigitalOcean’s.');
    return answer;
  },
  async (error: unknown) => {
    const config = error instanceof AxiosError ? error.config : undefined;
    if (error instanceof AxiosError && config && error.response?.status === 429) {
      const remaining: unknown = error.response.headers['ratelimit-remaining'];
      const bucket = exhausted(methodOf(config), config.url ?? '', remaining);
      await tenants.getStore()?.calls.slowDown(bucket, retryAfter(error));
    }
    throw error;
  },
);

function methodOf({ method }: InternalAxiosRequestConfig): string {
  return (method ?? 'get').toLowerCase();
}

/** One account's way to the API. */
export class DoTransport {
  private readonly tenant: Tenant;

  constructor({ endpoint = PUBLIC_ENDPOINT, credentials }: CloudAccount, calls: MeteredCalls) {
    this.tenant = {
      baseURL: `${endpoint.replace(/\/+$/, '')}/v2`,
      authorization: `Bearer ${credentials['access_token'] ?? ''}`,
      httpAgent: new HttpAgent({ keepAlive: true }),
      httpsAgent: new HttpsAgent({ keepAlive: true }),
      calls,
    };
  }

  /** Runs `work`, whose calls are this account's. @throws CloudHeroError */
  async as<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await tenants.run(this.tenant, work);
    } catch (error) {
      throw asCloudError(error);
    }
  }

  close() {
    this.tenant.httpAgent.destroy();
    this.tenant.httpsAgent.destroy();
  }
}
