import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../../tools/lib/http.mjs';

export const PLACES = {
  ec2: { regions: ['us-east-1', 'us-west-2', 'eu-west-1'], sizes: ['t2.micro', 't2.small'] },
  digital_ocean: { regions: ['nyc3', 'ams3'], sizes: ['s-1vcpu-1gb', 's-1vcpu-2gb'] },
};

/** Longest that one call is repeated; a key of a killed gateway's request counts for two minutes. */
const PATIENCE_MS = 240_000;
const CALL_MS = 45_000;

/** An account with an application, and a provider at each cloud. */
export class Tenant {
  providers = {};
  clouds = {};

  /** @param {{url: string, sandbox: {url: string}}} stack */
  static async register(stack, index, clouds, seen) {
    const tenant = new Tenant();
    Object.assign(tenant, { url: stack.url, endpoint: stack.sandbox.url, seen });
    const email = `chaos-${index}-${randomUUID()}@example.com`;
    const password = `correct-horse-${randomUUID()}`;
    const who = { email, password, password_confirm: password, name: 'Chaos', user_name: email };
    const [account] = await tenant.must('POST', '/accounts/register', who);
    tenant.headers = { 'authentication-token': account.persistent_token };
    for (const cloud of clouds) await tenant.addProvider(cloud);
    const application = { application_name: `chaos-${index}`, application_type: 'custom' };
    [{ id: tenant.application }] = await tenant.must('POST', '/applications', application);
    return tenant;
  }

  async addProvider(cloud) {
    const { body: made } = await call(this.endpoint, 'POST', '/_sandbox/accounts', {
      json: { cloud },
    });
    this.clouds[cloud] = { ...made, endpoint: this.endpoint };
    const keys =
      cloud === 'ec2'
        ? { accessKey: made.accessKey, secretKey: made.secretKey }
        : { access_token: made.token };
    const provider = { cloud_provider: cloud, provider_name: cloud, endpoint: this.endpoint };
    const answer = await this.must('POST', '/providers', { ...provider, ...keys });
    const { id } = Array.isArray(answer) ? answer[0] : answer;
    this.providers[cloud] = id;
    // What a cloud offers is asked for before anything misbehaves.
    await this.must('GET', `/providers/${id}/meta`);
  }

  async must(method, path, json) {
    const { status, body } = await call(this.url, method, path, { json, headers: this.headers });
    if (status < 300) return body;
    throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
  }

  /** One call as it comes; undefined when there was no answer. */
  async ask(method, path, { json, headers } = {}) {
    const options = {
      json,
      headers: { ...this.headers, ...headers },
      signal: AbortSignal.timeout(CALL_MS),
    };
    const answer = await call(this.url, method, path, options).catch(() => undefined);
    this.seen.answers[answer?.status ?? 'none'] =
      (this.seen.answers[answer?.status ?? 'none'] ?? 0) + 1;
    if (answer?.status === 500)
      this.seen.broken.push(`${method} ${path}: 500 ${JSON.stringify(answer.body)}`);
    if (answer?.status === 503 && !answer.headers['retry-after'])
      this.seen.broken.push(`${method} ${path}: 503 without Retry-After`);
    return answer;
  }

  /**
   * A call repeated, as clients do, until it is certain whether it was taken.
   * @returns {Promise<{status: number, body: any}>} a success, or a refusal
   */
  async definitely(method, path, { json, headers } = {}) {
    const keyed = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.ask(method, path, { json, headers: { ...headers, ...keyed } });
      if (answer && isFinal(answer)) return answer;
      if (Date.now() > deadline)
        throw new Error(`${method} ${path}: no final answer, last ${answer?.status}`);
      await sleep(300 + 700 * Math.random());
    }
  }
}

function isFinal({ status, body }) {
  if (status < 400) return true;
  // It was taken, and what came of it was not good, or not quick.
  if (status > 500) return typeof body?.environment === 'string';
  if (status === 500 || status === 429) return false;
  return !(status === 409 && body?.errors?.[0]?.code === 'request_in_progress');
}
