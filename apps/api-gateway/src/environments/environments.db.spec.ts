import { describeWithServices } from '../testing/services';
import { TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
let key: string;
let provider: string;
let application: string;
let count = 0;

interface Made {
  environment: string;
  ready: boolean;
  account: string;
  errors: { code: string; field: string }[];
}

const nodes = (...names: string[]) =>
  names.map((name) => ({ packages: ['docker'], name, size: 't2.small' }));
const request = (environment = `env-${++count}`) => ({
  provider_id: provider,
  region: 'us-east-1',
  environment,
  nodes: nodes('one', 'two'),
});
const create = (headers: Record<string, string> = {}, body = request()) =>
  gateway.call(`/applications/${application}/environments`, { key, headers, body });
const newest = async () => {
  const where = { orderBy: { createdAt: 'desc' } } as const;
  return (await gateway.resources.database.client.environment.findFirstOrThrow(where)).id;
};
const until = async (check: () => Promise<boolean>) => {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
};
/** An environment whose nodes are all ready. */
async function readyEnvironment(): Promise<string> {
  const made = (await create({ prefer: 'respond-async' })).body as Made;
  await gateway.workers.makeReady(made.environment);
  await gateway.call(`/environments/${made.environment}`, { key });
  return made.environment;
}

describeWithServices('environments', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    key = await gateway.register();
    ({ provider, application } = await gateway.outfit(key));
  }, 60_000);
  afterAll(() => gateway?.close(), 30_000);

  it('answers a create when its nodes are ready', async () => {
    const before = await gateway.resources.database.client.environment.count();
    const creating = create();
    await until(async () => (await gateway.resources.database.client.environment.count()) > before);
    await gateway.workers.makeReady(await newest());
    const answer = await creating;
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      ready: true,
      environment: expect.stringMatching(/^[0-9a-f]{24}$/),
      account: expect.stringMatching(/^[0-9a-f]{24}$/),
    });
    const listed = (await gateway.call('/applications', { key })).body as [
      { deployments_count: number; environments: string[] },
    ];
    expect(listed[0].deployments_count).toBe(1);
    expect(listed[0].environments).toContain((answer.body as Made).environment);
  });

  it('answers 202 at once, or after a while, when that is preferred', async () => {
    const asynchronous = await create({ prefer: 'respond-async' });
    expect(asynchronous.status).toBe(202);
    const { environment } = asynchronous.body as Made;
    expect(asynchronous.headers.get('location')).toBe(`/environments/${environment}`);
    expect(asynchronous.headers.get('preference-applied')).toBe('respond-async');
    expect(asynchronous.body).toMatchObject({ ready: false });
    const waited = await create({ prefer: 'wait=1' });
    expect([waited.status, (waited.body as Made).ready]).toEqual([202, false]);
  });

  it('answers a failure with its errors and the environment, and again on a retry', async () => {
    const headers = { 'idempotency-key': 'failing', prefer: 'wait=20' };
    const body = request();
    const creating = create(headers, body);
    const { client } = gateway.resources.database;
    await until(
      async () => (await client.environment.count({ where: { name: body.environment } })) > 0,
    );
    const { id } = await client.environment.findFirstOrThrow({ where: { name: body.environment } });
    await gateway.workers.fail(id, 'quota_exceeded');
    const answer = await creating;
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      ready: false,
      environment: id,
      errors: [
        { code: 'quota_exceeded', field: 'nodes[0]' },
        { code: 'quota_exceeded', field: 'nodes[1]' },
      ],
    });
    const again = await create(headers, body);
    expect([again.status, again.body]).toEqual([422, answer.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const start = await gateway.call(`/environments/${id}/start`, { key, method: 'POST' });
    expect(start.status).toBe(409);
  });

  it('makes one environment when a client leaves and comes again with the same key', async () => {
    const headers = { 'idempotency-key': 'leaver' };
    const body = request();
    const { client } = gateway.resources.database;
    const where = { where: { name: body.environment } };
    const leaving = new AbortController();
    const left = gateway
      .call(`/applications/${application}/environments`, {
        key,
        headers,
        body,
        signal: leaving.signal,
      })
      .catch(() => 'left');
    await until(async () => (await client.environment.count(where)) > 0);
    leaving.abort();
    expect(await left).toBe('left');
    const { id } = await client.environment.findFirstOrThrow(where);
    const retries = [create(headers, body), create(headers, body)];
    await new Promise((resolve) => setTimeout(resolve, 300));
    await gateway.workers.makeReady(id);
    for (const answer of await Promise.all(retries)) {
      expect([answer.status, (answer.body as Made).environment]).toEqual([201, id]);
    }
    expect(await client.environment.count(where)).toBe(1);
    const other = await create(headers, { ...body, region: 'us-west-1' });
    expect(other.status).toBe(422);
    expect((other.body as Made).errors[0]?.code).toBe('idempotency_key_reused');
  });

  it('queries, stops, starts and deletes in the shapes of the reference', async () => {
    const id = await readyEnvironment();
    const query = await gateway.call(`/environments/${id}/query`, { key });
    const name = expect.stringMatching(/^acme-my-app-env-\d+-one$/);
    expect(query.body).toMatchObject({ success: true });
    const servers = Object.values(
      (query.body as { std_out: { 'acme-my-provider': { ec2: Record<string, object> } } }).std_out[
        'acme-my-provider'
      ].ec2,
    );
    expect(servers[0]).toEqual({
      private_ips: '172.31.30.29',
      image: 'ami-116d857a',
      state: 'running',
      public_ips: '52.87.201.52',
      size: 't2.small',
      id: expect.stringMatching(/^i-/),
      name,
    });

    const stop = await during(`/environments/${id}/stop`, 'GET', id, 'stopping', 'stopping');
    expect(stop.headers.get('deprecation')).toBe('@1795392000');
    expect(stop.headers.get('link')).toContain('rel="successor-version"');
    expect(firstServer(stop.body)).toEqual([
      {
        instanceId: expect.any(String),
        currentState: { code: '64', name: 'stopping' },
        previousState: { code: '16', name: 'running' },
      },
    ]);
    await gateway.workers.act(id, 'stopped', 'stopped');
    const again = await gateway.call(`/environments/${id}/stop`, { key, method: 'POST' });
    expect(firstServer(again.body)).toMatchObject([
      { currentState: { name: 'stopped' }, previousState: { name: 'stopped' } },
    ]);

    const start = await during(`/environments/${id}/start`, 'POST', id, 'pending', 'starting');
    expect(firstServer(start.body)).toMatchObject([
      {
        currentState: { code: '0', name: 'pending' },
        previousState: { code: '80', name: 'stopped' },
      },
    ]);

    await gateway.workers.act(id, 'running', 'ready');
    const gone = await during(
      `/environments/${id}/delete`,
      'GET',
      id,
      'shutting-down',
      'terminating',
    );
    expect(firstServer(gone.body)).toEqual({
      newname: expect.stringMatching(/^acme-my-app-env-\d+-one-DEL[0-9a-f]{32}$/),
      instanceId: expect.any(String),
      currentState: { code: '32', name: 'shutting-down' },
      previousState: { code: '16', name: 'running' },
    });
    const repeated = await gateway.call(`/environments/${id}`, { key, method: 'DELETE' });
    expect([repeated.status, repeated.body]).toEqual([200, gone.body]);
    const late = await gateway.call(`/environments/${id}/start`, { key, method: 'POST' });
    expect(late.status).toBe(409);
  });

  it('never stops anything on HEAD', async () => {
    const id = await readyEnvironment();
    const head = await gateway.call(`/environments/${id}/stop`, { key, method: 'HEAD' });
    expect(head.status).toBe(405);
    const { desired } = (await gateway.call(`/environments/${id}`, { key })).body as {
      desired: string;
    };
    expect(desired).toBe('running');
  });

  it('refuses to stop what has no server yet', async () => {
    const { environment } = (await create({ prefer: 'respond-async' })).body as Made;
    const stop = await gateway.call(`/environments/${environment}/stop`, { key });
    expect(stop.status).toBe(409);
    const deleted = await gateway.call(`/environments/${environment}`, { key, method: 'DELETE' });
    expect(deleted.body).toEqual({ std_out: { 'acme-my-provider': { ec2: {} } }, success: true });
  });

  it('grows and shrinks', async () => {
    const id = await readyEnvironment();
    const path = `/environments/${id}/nodes`;
    const taken = await gateway.call(path, { key, body: { nodes: nodes('ONE') } });
    expect(taken.status).toBe(422);
    const growing = gateway.call(path, { key, body: { nodes: nodes('three') } });
    const { client } = gateway.resources.database;
    const where = { where: { environmentId: id, name: 'three' } };
    await until(async () => (await client.node.count(where)) > 0);
    await gateway.workers.makeReady(id);
    expect((await growing).status).toBe(201);
    const shrunk = await during(`${path}/three`, 'DELETE', id, 'shutting-down', 'terminating');
    expect(firstServer(shrunk.body)).toMatchObject({ currentState: { code: '32' } });
    expect((await gateway.call(`${path}/nobody`, { key, method: 'DELETE' })).status).toBe(404);
  });

  it('streams events, and goes on where a client left off', async () => {
    const { environment } = (await create({ prefer: 'respond-async' })).body as Made;
    const listed = (await gateway.call(`/environments/${environment}/events`, { key })).body as {
      id: string;
    }[];
    expect(listed).toHaveLength(2);
    const controller = new AbortController();
    const response = await fetch(`${gateway.url}/environments/${environment}/events`, {
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'text/event-stream',
        'last-event-id': listed[0]?.id ?? '',
      },
      signal: controller.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await gateway.workers.say(environment, 'news');
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('news')) break;
    }
    controller.abort();
    expect(text).toContain(`id: ${listed[1]?.id}\n`);
    expect(text).not.toContain(`id: ${listed[0]?.id}\n`);
  });
});

/** Calls, and lets the cloud take what was asked while the call waits. */
async function during(path: string, method: string, id: string, state: string, phase: string) {
  const { client } = gateway.resources.database;
  const { generation } = await client.environment.findUniqueOrThrow({ where: { id } });
  const calling = gateway.call(path, { key, method });
  await until(async () => {
    const row = await client.environment.findUniqueOrThrow({ where: { id } });
    return row.generation > generation;
  });
  await gateway.workers.act(id, state, phase);
  return calling;
}

function firstServer(body: never): unknown {
  const { std_out } = body as { std_out: Record<string, { ec2: Record<string, unknown> }> };
  return Object.values(Object.values(std_out)[0]?.ec2 ?? {})[0];
}
