import { setTimeout as sleep } from 'node:timers/promises';
import { Contract } from '../support/contract';
import { ContractProxy } from '../support/contract-proxy';
import { SandboxProcess } from '../support/sandbox-process';

const contract = Contract.read();
const MISSING =
  "skipped: ../shared/contracts, with DigitalOcean's description of its API, is not there";
const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0ZLrd6YD2jqfkDpqNn5GqQmjmxyVk3rEtNUVTs0qYf contract';

/** Nobody has images of their own in the sandbox. */
const NOT_SPOKEN = ['images_create_custom', 'images_update', 'images_delete'];

if (!contract) {
  process.stderr.write(`${MISSING}\n`);
  it.skip(`says what the contract says (${MISSING})`, () => undefined);
} else suite(contract);

function suite(known: Contract) {
  let sandbox: SandboxProcess;
  let proxy: ContractProxy;
  beforeAll(async () => {
    sandbox = await SandboxProcess.start();
    proxy = await ContractProxy.start(known, sandbox.url);
  }, 60_000);
  afterAll(async () => {
    await proxy.stop();
    await sandbox.stop();
  });
  afterEach(() => {
    expect(proxy.violations.splice(0)).toEqual([]);
  });

  /** Each call is checked on its way there and back. */
  async function call<T = Record<string, never>>(method: string, path: string, body?: object) {
    const answer = await fetch(`${proxy.url}/v2/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.doToken}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  interface Created {
    droplet: { id: number };
    links: { actions: { id: number }[] };
  }

  async function settle(path: string, isSettled: (body: never) => boolean): Promise<void> {
    for (let look = 0; look < 100; look++) {
      if (isSettled((await call<never>('GET', path)).body)) return;
      await sleep(50);
    }
    throw new Error(`${path} did not settle`);
  }

  const actionEnds = (id: number) =>
    settle(
      `actions/${id}`,
      ({ action }: { action: { status: string } }) => action.status !== 'in-progress',
    );

  async function makeDroplet(name: string): Promise<number> {
    const { body } = await call<Created>('POST', 'droplets', {
      name,
      region: 'nyc3',
      size: 's-1vcpu-1gb',
      image: 'debian-12-x64',
      tags: ['env:contract-1'],
      user_data: '#cloud-config\n',
      monitoring: false,
    });
    await actionEnds(body.links.actions[0]?.id ?? 0);
    return body.droplet.id;
  }

  it('shows the account and what it can have as the contract has it', async () => {
    for (const path of [
      'account',
      'regions?per_page=3',
      'regions?per_page=3&page=2',
      'sizes?per_page=200',
      'images?type=distribution&per_page=100',
      'images?private=true',
      'images/debian-12-x64',
      'actions',
    ])
      expect((await call('GET', path)).status).toBe(200);
  });

  it('keeps keys as the contract has it', async () => {
    const made = await call<{ ssh_key: { id: number; fingerprint: string } }>(
      'POST',
      'account/keys',
      { name: 'contract', public_key: KEY },
    );
    expect(made.status).toBe(201);
    const { id, fingerprint } = made.body.ssh_key;
    expect((await call('POST', 'account/keys', { name: 'x', public_key: KEY })).status).toBe(422);
    await call('GET', 'account/keys?page=1&per_page=200');
    await call('GET', `account/keys/${fingerprint}`);
    await call('PUT', `account/keys/${id}`, { name: 'renamed' });
    expect((await call('DELETE', `account/keys/${id}`)).status).toBe(204);
    expect((await call('GET', `account/keys/${id}`)).status).toBe(404);
  });

  it('makes, changes and deletes droplets as the contract has it', async () => {
    const id = await makeDroplet('contract-1');
    const { body } = await call<{ droplets: { id: number }[] }>('POST', 'droplets', {
      names: ['contract-2', 'contract-3'],
      region: 'nyc3',
      size: 's-1vcpu-1gb',
      image: 'debian-12-x64',
    });
    expect(body.droplets).toHaveLength(2);
    await call('GET', 'droplets?per_page=1&page=2');
    await call('GET', 'droplets?tag_name=env:contract-1');
    await call('GET', `droplets/${id}`);
    const off = await call<{ action: { id: number } }>('POST', `droplets/${id}/actions`, {
      type: 'power_off',
    });
    expect(off.status).toBe(201);
    await actionEnds(off.body.action.id);
    expect((await call('POST', `droplets/${id}/actions`, { type: 'power_off' })).status).toBe(422);
    await call('GET', `droplets/${id}`);
    await call('GET', `droplets/${id}/actions?per_page=2`);
    await call('GET', `droplets/${id}/actions/${off.body.action.id}`);
    const on = await call<{ actions: { id: number }[] }>(
      'POST',
      'droplets/actions?tag_name=env:contract-1',
      { type: 'power_on' },
    );
    expect(on.body.actions).toHaveLength(1);
    await actionEnds(on.body.actions[0]?.id ?? 0);
    expect((await call('DELETE', `droplets/${id}`)).status).toBe(204);
    expect((await call('GET', `droplets/${id}`)).status).toBe(404);
    expect((await call('DELETE', 'droplets?tag_name=env:contract-1')).status).toBe(204);
  });

  it('keeps firewalls and tags as the contract has it', async () => {
    const id = await makeDroplet('contract-4');
    await call('POST', 'tags', { name: 'web-1' });
    const rules = {
      inbound_rules: [
        { protocol: 'tcp', ports: '22', sources: { addresses: ['0.0.0.0/0', '::/0'] } },
        { protocol: 'udp', ports: '4789', sources: { tags: ['web-1'] } },
      ],
      outbound_rules: [
        { protocol: 'icmp', ports: '0', destinations: { addresses: ['0.0.0.0/0'] } },
      ],
    };
    const made = await call<{ firewall: { id: string } }>('POST', 'firewalls', {
      name: 'contract',
      ...rules,
      droplet_ids: [id],
      tags: [],
    });
    expect(made.status).toBe(202);
    const firewall = `firewalls/${made.body.firewall.id}`;
    await settle(firewall, (body: { firewall: { status: string } }) => {
      return body.firewall.status === 'succeeded';
    });
    await call('GET', 'firewalls?per_page=200');
    await call('GET', `droplets/${id}/firewalls`);
    await call('POST', `${firewall}/tags`, { tags: ['web-1'] });
    await call('DELETE', `${firewall}/tags`, { tags: ['web-1'] });
    await call('DELETE', `${firewall}/droplets`, { droplet_ids: [id] });
    await call('POST', `${firewall}/droplets`, { droplet_ids: [id] });
    const more = {
      inbound_rules: [{ protocol: 'tcp', ports: '4000', sources: { droplet_ids: [id] } }],
    };
    await call('POST', `${firewall}/rules`, more);
    await call('DELETE', `${firewall}/rules`, more);
    expect((await call('PUT', firewall, { name: 'renamed', ...rules })).status).toBe(200);
    const resources = { resources: [{ resource_id: String(id), resource_type: 'droplet' }] };
    expect((await call('POST', 'tags/web-1/resources', resources)).status).toBe(204);
    await call('GET', 'tags/web-1');
    await call('GET', 'tags?per_page=200');
    await call('DELETE', 'tags/web-1/resources', resources);
    expect((await call('DELETE', 'tags/web-1')).status).toBe(204);
    expect((await call('DELETE', firewall)).status).toBe(204);
    expect((await call('GET', firewall)).status).toBe(404);
  });

  it('refuses as the contract has it: unknown tokens, too many calls, errors of its own', async () => {
    await sandbox.admin('PUT', 'knobs', {
      errors: [
        { action: 'droplets.list', code: 'too_many_requests', count: 1 },
        { action: 'droplets.list', code: 'server_error', count: 1 },
      ],
    });
    expect((await call('GET', 'droplets')).status).toBe(429);
    expect((await call('GET', 'droplets')).status).toBe(500);
    const unknown = await fetch(`${proxy.url}/v2/droplets`);
    expect(unknown.status).toBe(401);
    await unknown.arrayBuffer();
  });

  it('speaks every operation of the contract but those on own images', () => {
    expect(proxy.untouched).toEqual(NOT_SPOKEN);
  });

  it('is a contract that bites', () => {
    const answer = { status: 200, headers: {}, requestBody: '' };
    const problems = known
      .check({
        method: 'GET',
        url: '/v2/droplets?per_page=500&color=1',
        ...answer,
        body: '{"droplets":[{"id":"1"}]}',
      })
      .map(({ where, problem }) => `${where}: ${problem}`);
    expect(problems).toEqual(
      expect.arrayContaining([
        'request: per_page must be <= 200',
        'request: parameter color is not known',
        'answer: header ratelimit-limit is missing',
        'answer: body/droplets/0/id must be integer',
        "answer: body must have required property 'meta'",
      ]),
    );
    expect(
      known.check({
        method: 'POST',
        url: '/v2/droplets',
        ...answer,
        requestBody: '{"name":"x"}',
        body: '',
      }),
    ).not.toEqual([]);
  });
}
