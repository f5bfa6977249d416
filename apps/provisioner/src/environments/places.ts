import type { CloudDriver } from '@cloudhero/cloud';
import type { NodeRow } from '@cloudhero/persistence';

/** Where a node can run, and as what. A null zone is the cloud's own choice. */
export interface Place {
  size: string;
  zone: string | null;
}

type Wanted = Pick<NodeRow, 'size' | 'fallbackSizes' | 'candidate'>;

/**
 * The places that are tried for a node, one after the other: the size that was asked for wherever the
 * cloud puts it, then in each zone, then the other sizes that the customer listed in the same way.
 */
export class Places {
  private readonly known = new Map<string, Promise<string[]>>();

  constructor(
    private readonly driver: Pick<CloudDriver, 'zones'>,
    private readonly region: string,
  ) {}

  /** The place whose turn it is; null when all have been tried. */
  async of(node: Wanted): Promise<Place | null> {
    // The first place is the common case, and needs no question to the cloud.
    if (node.candidate === 0) return { size: node.size, zone: null };
    return (await this.all(node))[node.candidate] ?? null;
  }

  /** Whether there is another place after this one. */
  async moreAfter(node: Wanted): Promise<boolean> {
    return node.candidate + 1 < (await this.all(node)).length;
  }

  private async all({ size, fallbackSizes }: Wanted): Promise<Place[]> {
    const sizes = [...new Set([size, ...fallbackSizes])];
    const places = await Promise.all(
      sizes.map(async (each) => {
        const zones = await this.zones(each);
        return [null, ...zones].map((zone): Place => ({ size: each, zone }));
      }),
    );
    return places.flat();
  }

  private zones(size: string): Promise<string[]> {
    const known = this.known.get(size) ?? this.driver.zones(this.region, size);
    this.known.set(size, known);
    return known;
  }
}
