import { call } from '../../../tools/lib/http.mjs';

const NO_QUOTA = { vcpus: 1_000_000, instances: 1_000_000 };

/** What both clouds do wrong all the time: a little. */
const ALWAYS = {
  latencyMs: { min: 1, max: 15 },
  visibilityDelayMs: 300,
  tagDelayMs: 400,
  bootDelayMs: 200,
  quota: NO_QUOTA,
};
const A_LITTLE = {
  lostReplies: [{ action: '*', probability: 0.01 }],
  errors: [
    { cloud: 'ec2', action: '*', code: 'InternalError', status: 500, probability: 0.01 },
    { cloud: 'digital_ocean', action: '*', code: 'server_error', status: 500, probability: 0.01 },
  ],
};

const part = (at, values) => values[Math.floor(at * values.length)];

/** What a fault of the plan makes the clouds do; `a` and `b` are its chances. */
const EPISODES = {
  'lose-replies': ({ a, b }) => ({
    lostReplies: [
      { action: part(a, ['*', 'RunInstances', 'droplets.create']), probability: 0.2 + b / 2 },
    ],
  }),
  refuse: ({ a }) => ({
    errors: [
      {
        cloud: 'ec2',
        action: '*',
        code: part(a, ['InternalError', 'Unavailable']),
        status: 503,
        probability: 0.4,
      },
      {
        cloud: 'digital_ocean',
        action: '*',
        code: 'server_error',
        status: part(a, [500, 503]),
        probability: 0.4,
      },
    ],
  }),
  throttle: ({ a }) => ({
    errors: [
      {
        cloud: 'ec2',
        action: '*',
        code: 'RequestLimitExceeded',
        status: 503,
        probability: 0.3 + a / 2,
      },
      {
        cloud: 'digital_ocean',
        action: '*',
        code: 'too_many_requests',
        status: 429,
        probability: 0.3 + a / 2,
      },
    ],
  }),
  'no-room': ({ a, b }) => ({
    exhausted: [
      part(a, [
        { asynchronous: b > 0.5 },
        { zone: 'us-east-1a' },
        { size: 't2.micro', asynchronous: b > 0.5 },
        { size: 's-1vcpu-1gb', asynchronous: b > 0.5 },
      ]),
    ],
  }),
  'lag-behind': ({ a }) => ({ visibilityDelayMs: 1000 + 4000 * a, tagDelayMs: 1000 + 3000 * a }),
};

export const isOfTheCloud = (name) => Object.hasOwn(EPISODES, name);

/** The sandbox's knobs, which it forgets when it is killed. */
export class Knobs {
  episodes = new Set();
  calm = false;

  constructor(url) {
    this.url = url;
    this.timer = setInterval(() => void this.set(), 1000);
  }

  async begin(fault) {
    const episode = EPISODES[fault.do](fault);
    this.episodes.add(episode);
    setTimeout(() => this.episodes.delete(episode), 2000 + 6000 * fault.b).unref();
    await this.set();
  }

  /** No more faults; what the cloud's nature is stays. */
  async rest() {
    this.calm = true;
    this.episodes.clear();
    await this.set();
  }

  /** @returns {Promise<boolean>} whether the sandbox took them */
  async set() {
    const all = this.calm ? [ALWAYS] : [ALWAYS, A_LITTLE, ...this.episodes];
    const json = {};
    for (const [key, value] of all.flatMap(Object.entries))
      json[key] = Array.isArray(value) ? [...(json[key] ?? []), ...value] : value;
    const answer = await call(this.url, 'PUT', '/_sandbox/knobs', { json }).catch(() => undefined);
    if (answer && answer.status >= 400)
      throw new Error(`knobs: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer !== undefined;
  }

  close() {
    clearInterval(this.timer);
  }
}
