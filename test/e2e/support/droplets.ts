import type { DropletCloud } from './client';
import { call } from './http';

export interface Droplet {
  id: number;
  name: string;
  status: string;
  size_slug: string;
  tags: string[];
}

/** An account's droplets, asked as its owner would. */
export async function droplets({ token, endpoint }: DropletCloud): Promise<Droplet[]> {
  const headers = { authorization: `Bearer ${token}` };
  const { status, body } = await call<{ droplets: Droplet[] }>(
    endpoint,
    'GET',
    '/v2/droplets?per_page=200',
    { headers },
  );
  if (status !== 200) throw new Error(`droplets: ${String(status)} ${JSON.stringify(body)}`);
  return body.droplets;
}
