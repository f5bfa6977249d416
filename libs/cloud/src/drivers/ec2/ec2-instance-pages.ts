import { DescribeInstancesCommand, type EC2Client, type Filter } from '@aws-sdk/client-ec2';
import type { ObservedServer } from '@cloudhero/domain';
import { createHash } from 'node:crypto';
import { Recent } from '../../recent';
import { asServer } from './ec2-servers';

/** As many as EC2 gives at once. */
const PAGE_SIZE = 1000;
/** Questions whose pages are kept, the least recently asked goes first. */
const KEPT_QUESTIONS = 32;
/** Where in an answer the parts are that differ each time. */
const EDGE_BYTES = 4096;

interface Page {
  digest: string;
  servers: readonly ObservedServer[];
}

/**
 * Lists instances, and keeps of each page what was made of it. Sweeps ask the same again and again, and
 * mostly nothing has changed: then reading the XML is nearly all of the work, and it is left out.
 */
export class Ec2InstancePages {
  private readonly questions = new Recent<readonly Page[]>(KEPT_QUESTIONS);

  /** For a question that is asked again and again. */
  async list(client: EC2Client, region: string, filters: Filter[]): Promise<ObservedServer[]> {
    const question = JSON.stringify([region, filters]);
    const pages = await readAll(client, filters, this.questions.get(question));
    this.questions.put(question, pages);
    return pages.flatMap(({ servers }) => servers);
  }

  /** For a question that is asked once. */
  async look(client: EC2Client, filters: Filter[]): Promise<ObservedServer[]> {
    return (await readAll(client, filters)).flatMap(({ servers }) => servers);
  }
}

async function readAll(
  client: EC2Client,
  Filters: Filter[],
  known: readonly Page[] = [],
): Promise<Page[]> {
  const pages: Page[] = [];
  for (let NextToken: string | undefined; ;) {
    const command = new DescribeInstancesCommand({ Filters, MaxResults: PAGE_SIZE, NextToken });
    const answer = await read(client, command, known[pages.length]);
    pages.push(answer.page);
    NextToken = answer.nextToken;
    if (!NextToken) return pages;
  }
}

/** One page; `known` itself where the answer is the same as the last time. */
async function read(
  client: EC2Client,
  command: DescribeInstancesCommand,
  known: Page | undefined,
): Promise<{ page: Page; nextToken: string | undefined }> {
  let digest = '';
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as {
        statusCode: number;
        body: AsyncIterable<Buffer> | Buffer;
      };
      if (response.statusCode !== 200) return result;
      const body = await collect(response.body);
      // A page of something in between, taken for an answer, would be an account without instances.
      if (!body.subarray(0, EDGE_BYTES).includes('<DescribeInstancesResponse'))
        throw new Error('The answer is not EC2’s.');
      const varying = varyingParts(body);
      digest = digestOf(body, varying);
      response.body = digest === known?.digest ? withoutInstances(varying) : body;
      return result;
    },
    // Between the wire and what reads the XML, which has a higher priority in the same step.
    { step: 'deserialize', priority: 'low', name: 'cloudheroKnownPage' },
  );
  const { Reservations = [], NextToken } = await client.send(command);
  if (digest && digest === known?.digest) return { page: known, nextToken: NextToken };
  const servers = Reservations.flatMap(({ Instances = [] }) => Instances.map(asServer));
  return { page: { digest, servers }, nextToken: NextToken };
}

async function collect(body: AsyncIterable<Buffer> | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type Part = readonly [start: number, end: number, text: string];

/** The elements that are others in each answer: the request's id, and the mark of the next page. */
function varyingParts(body: Buffer): Part[] {
  const tail = Math.max(0, body.length - EDGE_BYTES);
  return [...partsOf(body, 0, Math.min(EDGE_BYTES, tail)), ...partsOf(body, tail, body.length)];
}

function partsOf(body: Buffer, from: number, to: number): Part[] {
  const text = body.toString('latin1', from, to);
  const found = text.matchAll(/<(requestId|nextToken)>[^<]*<\/\1>/g);
  return [...found].map((match): Part => {
    const start = from + match.index;
    return [start, start + match[0].length, match[0]];
  });
}

function digestOf(body: Buffer, without: readonly Part[]): string {
  const hash = createHash('sha256');
  let at = 0;
  for (const [start, end] of without) {
    hash.update(body.subarray(at, start));
    at = end;
  }
  return hash.update(body.subarray(at)).digest('base64');
}

/** What is left for the SDK to read of an answer whose instances are known. */
function withoutInstances(parts: readonly Part[]): Buffer {
  const texts = parts.map(([, , text]) => text).join('');
  return Buffer.from(`<DescribeInstancesResponse>${texts}</DescribeInstancesResponse>`);
}
