export interface DropletJson {
  id: number;
  name: string;
  status: string;
  locked: boolean;
  tags: string[];
  networks: { v4: { ip_address: string; type: string }[] };
}

export interface ActionJson {
  id: number;
  status: string;
  type: string;
  resource_id: number;
}

export interface DoAnswer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** DigitalOcean's API as one token sees it: each call is made once, and every answer is handed out. */
export class DoClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async call<T = unknown>(method: string, path: string, body?: object): Promise<DoAnswer<T>> {
    const answer = await fetch(`${this.url}/v2/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const parsed: unknown = text ? JSON.parse(text) : undefined;
    return { status: answer.status, headers: answer.headers, body: parsed as T };
  }

  /** The body of an answer that is a success; any other is an error with its status and message. */
  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.call<T>('GET', path);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  }

  async droplet(id: number): Promise<DropletJson> {
    return (await this.get<{ droplet: DropletJson }>(`droplets/${id}`)).droplet;
  }

  async droplets(query = 'per_page=200'): Promise<DropletJson[]> {
    return (await this.get<{ droplets: DropletJson[] }>(`droplets?${query}`)).droplets;
  }

  async action(id: number): Promise<ActionJson> {
    return (await this.get<{ action: ActionJson }>(`actions/${id}`)).action;
  }
}

/** What a create always needs. */
export function dropletOf(name: string, more: object = {}) {
  return { name, region: 'nyc3', size: 's-1vcpu-1gb', image: 'debian-12-x64', ...more };
}
