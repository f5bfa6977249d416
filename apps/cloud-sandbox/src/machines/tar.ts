export interface TarEntry {
  /** Without a leading slash; at most 100 bytes. */
  path: string;
  content: Buffer | string;
  mode?: number;
}

const BLOCK = 512;

/**
 * An archive in the ustar format of plain files, for the engine's build and archive calls.
 * Files belong to root and are dated 1970, so that equal input gives equal bytes.
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const content = Buffer.from(entry.content as string);
    parts.push(header(entry, content.length), content);
    parts.push(Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header({ path, mode = 0o644 }: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`Too long for a tar header: ${path}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) =>
    value.toString(8).padStart(length - 1, '0') + '\0';
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(sum.toString(8).padStart(6, '0') + '\0 ', 148);
  return block;
}
