/** Splits a byte stream into lines, however the chunks are cut; empty lines are left out. */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    let data: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (let end = data.indexOf(10); end >= 0; end = data.indexOf(10)) {
      const line = data.toString('utf8', 0, end).trim();
      if (line) yield line;
      data = data.subarray(end + 1);
    }
    rest = data;
  }
  const last = rest.toString('utf8').trim();
  if (last) yield last;
}
