import type { Droplet } from 'digitalocean-js';
import { instance } from 'digitalocean-js/src/lib/axios-instance';
import { createHash } from 'node:crypto';
import { Recent } from '../../recent';
import type { DropletView } from './do-droplets';
import { PAGE_SIZE } from './do-pages';

/** Tags whose pages are kept. */
const KEPT_QUESTIONS = 32;

interface Page {
  digest: string;
  droplets: readonly DropletView[];
  isLast: boolean;
}

/**
 * Lists droplets by tag, and keeps of each page what was made of it. Sweeps ask the same again and
 * again, and mostly nothing has changed: then reading the JSON is most of the work, and it is left out.
 */
export class DoDropletPages {
  private readonly questions = new Recent<readonly Page[]>(KEPT_QUESTIONS);

  async list(tag: string): Promise<DropletView[]> {
    const known = this.questions.get(tag) ?? [];
    const pages: Page[] = [];
    for (let page: Page | undefined; !page?.isLast; pages.push(page))
      page = await read(tag, pages.length + 1, known[pages.length]);
    this.questions.put(tag, pages);
    // A droplet is on two pages when others come in between the calls.
    const droplets = pages.flatMap((page) => page.droplets);
    return [...new Map(droplets.map((droplet) => [droplet.id, droplet])).values()];
  }
}

/** One page; `known` itself where the answer is the same as the last time. */
async function read(tag: string, page: number, known: Page | undefined): Promise<Page> {
  const { data } = await instance.get<Page>('/droplets', {
    params: { tag_name: tag, page, per_page: PAGE_SIZE },
    responseType: 'arraybuffer',
    transformResponse: (body: Buffer, _headers, status): unknown =>
      status === 200 ? decode(body, known) : parse(body),
  });
  return data;
}

function decode(body: Buffer, known: Page | undefined): Page {
  const digest = createHash('sha256').update(body).digest('base64');
  if (digest === known?.digest) return known;
  const answer = JSON.parse(body.toString()) as {
    droplets: Droplet[];
    links?: { pages?: { next?: string } };
  };
  const droplets = answer.droplets.map(essentials);
  return { digest, droplets, isLast: !answer.links?.pages?.next };
}

/** A refusal's body, which may be anything. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body.toString();
  }
}

/** Most of a droplet's JSON says at length what its image, size and region are. */
function essentials(droplet: Droplet): DropletView {
  const { id, name, status, locked, size_slug, networks, tags, image, region } = droplet;
  return {
    ...{ id, name, status, locked, size_slug, networks, tags },
    image: image && { id: image.id, slug: image.slug },
    region: { slug: region.slug },
  };
}
