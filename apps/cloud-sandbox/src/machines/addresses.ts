/** An IPv4 network as numbers: the first address and how many there are. */
export interface Network {
  first: number;
  size: number;
}

export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/** `10.0.0.0/16` as numbers. */
export function parseCidr(cidr: string): Network {
  const [address = '', bits = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  const value = toNumber(address);
  return { first: value - (value % size), size };
}

export function overlaps(a: Network, b: Network): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

/** The `index`th network of `bits` inside of `cidr`. */
export function subnetAt(cidr: string, bits: number, index: number): string {
  return `${toAddress(parseCidr(cidr).first + index * 2 ** (32 - bits))}/${bits}`;
}

/** Both clouds keep the first four addresses of a subnet and the last one. */
const RESERVED_AT_START = 4;
const RESERVED_AT_END = 1;

/**
 * Addresses of one network in turn: the next one after the last given out, so that an address
 * that was given back is not soon met again on another machine.
 */
export class AddressPool {
  private readonly network: Network;
  private readonly taken = new Set<number>();
  private cursor = RESERVED_AT_START - 1;

  constructor(cidr: string) {
    this.network = parseCidr(cidr);
  }

  get free(): number {
    return this.network.size - RESERVED_AT_START - RESERVED_AT_END - this.taken.size;
  }

  /** A free address, or undefined when there is none. */
  take(): string | undefined {
    if (this.free <= 0) return undefined;
    do {
      this.cursor++;
      if (this.cursor >= this.network.size - RESERVED_AT_END) this.cursor = RESERVED_AT_START;
    } while (this.taken.has(this.cursor));
    this.taken.add(this.cursor);
    return toAddress(this.network.first + this.cursor);
  }

  /** Takes one address that a record names, as after a restart. */
  keep(address: string): void {
    const offset = toNumber(address) - this.network.first;
    if (offset < 0 || offset >= this.network.size) return;
    this.taken.add(offset);
    this.cursor = Math.max(this.cursor, offset);
  }

  give(address: string): void {
    this.taken.delete(toNumber(address) - this.network.first);
  }
}
