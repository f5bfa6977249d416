import { setTimeout as sleep } from 'node:timers/promises';
import { PLACES } from './tenant.mjs';

const ASYNC = { prefer: 'respond-async' };

/** One environment's customer: does what the plan says, and knows what was asked for last. */
export class Actor {
  id;
  desired = 'running';
  nodes = new Set();
  made = 0;
  done = 0;
  skipped = 0;

  constructor(plan, tenant) {
    this.plan = plan;
    this.tenant = tenant;
    const { regions, sizes } = PLACES[plan.cloud];
    this.region = regions[plan.nodes % regions.length];
    this.sizes = sizes;
  }

  /** @param {number} began when the run's clock was 0 */
  async run(began) {
    const until = (at) => sleep(Math.max(0, began + at - Date.now()));
    await until(this.plan.at);
    await this.create();
    for (const action of this.plan.actions) {
      await until(action.at);
      if (!this.id || this.desired === 'absent') return;
      const took = await this[action.do](action);
      if (took) this.done++;
      else this.skipped++;
    }
  }

  async create() {
    const nodes = this.newNodes(this.plan.nodes);
    const { name: environment, cloud, repair } = this.plan;
    const json = {
      provider_id: this.tenant.providers[cloud],
      region: this.region,
      environment,
      repair,
      nodes,
    };
    const path = `/applications/${this.tenant.application}/environments`;
    const { status, body } = await this.tenant.definitely('POST', path, { json, headers: ASYNC });
    if (status >= 300) throw new Error(`create ${environment}: ${status} ${JSON.stringify(body)}`);
    this.id = body.environment;
    this.keep(nodes);
  }

  async grow({ nodes: count }) {
    const nodes = this.newNodes(count);
    const options = { json: { nodes }, headers: ASYNC };
    const { status } = await this.tenant.definitely(
      'POST',
      `/environments/${this.id}/nodes`,
      options,
    );
    if (status >= 400 && status < 500) return false;
    this.keep(nodes);
    return true;
  }

  async shrink() {
    const [name] = this.nodes;
    const path = `/environments/${this.id}/nodes/${name}`;
    const { status } = await this.tenant.definitely('DELETE', path);
    // After a repeat, what is not there is what the first call has deleted.
    if (status >= 400 && status < 500 && status !== 404) return false;
    this.nodes.delete(name);
    return true;
  }

  stop() {
    return this.change('POST', '/stop', 'stopped');
  }

  start() {
    return this.change('POST', '/start', 'running');
  }

  delete() {
    return this.change('DELETE', '', 'absent');
  }

  async change(method, path, desired) {
    const { status } = await this.tenant.definitely(method, `/environments/${this.id}${path}`);
    if (status >= 400 && status < 500) return false;
    this.desired = desired;
    return true;
  }

  newNodes(count) {
    return Array.from({ length: count }, () => {
      const name = `node-${this.made++}`;
      const [size, fallback] = this.sizes;
      return { name, packages: [], size, ...(this.plan.repair && { fallback_sizes: [fallback] }) };
    });
  }

  keep(nodes) {
    for (const { name } of nodes) this.nodes.add(name);
  }
}
