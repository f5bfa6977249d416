import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../../tools/lib/http.mjs';

const POLL_MS = 200;
const PATIENCE_MS = 900_000;

const unique = (prefix) => `${prefix}-${randomBytes(4).toString('hex')}`;

/** An account with a provider and an application, for launching. */
export class Product {
  static async register(url, cloud) {
    const product = new Product();
    product.url = url;
    const email = `${unique('bench')}@example.com`;
    const password = unique('correct-horse-battery');
    const json = { email, password, password_confirm: password, name: 'Bench', user_name: email };
    const [account] = await product.must('POST', '/accounts/register', { json });
    product.headers = { 'authentication-token': account.persistent_token };
    product.provider = await product.addProvider(cloud);
    const application = { application_name: unique('bench'), application_type: 'custom' };
    [{ id: product.application }] = await product.must('POST', '/applications', {
      json: application,
    });
    return product;
  }

  /** The id of another provider at the sandbox, whose offers are known from then on. */
  async addProvider({ accessKey, secretKey, endpoint }) {
    const json = {
      cloud_provider: 'ec2',
      provider_name: unique('bench'),
      accessKey,
      secretKey,
      endpoint,
    };
    const [{ id }] = await this.must('POST', '/providers', { json });
    await this.must('GET', `/providers/${id}/meta`);
    return id;
  }

  async must(method, path, { json, headers } = {}) {
    const all = { ...this.headers, ...headers };
    const { status, body } = await call(this.url, method, path, { json, headers: all });
    if (status < 300) return body;
    throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
  }

  /** The id of a new environment; `prefer` as of RFC 7240. */
  async launch({ region, size, provider = this.provider }, count, packages, prefer) {
    const nodes = Array.from({ length: count }, (_, i) => ({
      name: `node${i + 1}`,
      packages,
      size,
    }));
    const json = { provider_id: provider, region, environment: unique('bench'), nodes };
    const headers = prefer ? { prefer } : {};
    const path = `/applications/${this.application}/environments`;
    return (await this.must('POST', path, { json, headers })).environment;
  }

  async until(environment, condition) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const state = await this.must('GET', `/environments/${environment}`);
      if (condition(state)) return;
      if (Date.now() > deadline) throw new Error(`environment ${environment} took too long`);
      await sleep(POLL_MS);
    }
  }

  async destroy(environment) {
    await this.must('DELETE', `/environments/${environment}`);
    await this.until(environment, ({ deleted_at: gone }) => gone !== null);
  }
}
