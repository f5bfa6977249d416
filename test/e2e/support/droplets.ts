import type { DropletCloud } from './client';
import { call } from './http';

export interface Droplet {
  id: number;
  name: string;
  status: string;
  size_slug: string;
  tags: string[];
}

const KINDS = {
  droplets: '/v2/droplets',
  firewalls: '/v2/firewalls',
  tags: '/v2/tags',
  volumes: '/v2/volumes',
  // Only 10 a minute: asked last, when the rest is gone.
  ssh_keys: '/v2/account/keys',
} as const;

async function list<T>({ token, endpoint }: DropletCloud, kind: keyof typeof KINDS): Promise<T[]> {
  const headers = { authorization: `Bearer ${token}` };
  const path = `${KINDS[kind]}?per_page=200`;
  const { status, body } = await call<Record<string, T[]>>(endpoint, 'GET', path, { headers });
  if (status !== 200) throw new Error(`GET ${path}: ${String(status)} ${JSON.stringify(body)}`);
  return body[kind] ?? [];
}

/** An account's droplets, asked as its owner would. */
export const droplets = (cloud: DropletCloud) => list<Droplet>(cloud, 'droplets');

/** What an account still has at its cloud, asked as its owner would; kind by kind until one has something. */
export async function dropletLeftovers(cloud: DropletCloud): Promise<string[]> {
  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    const found = await list<{ id?: string | number; name: string }>(cloud, kind);
    if (found.length > 0) return found.map(({ id = '', name }) => `${kind} ${String(id)} ${name}`);
  }
  return [];
}
