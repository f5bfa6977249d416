import { Injectable } from '@nestjs/common';
import { KnobsService } from '../knobs/knobs.service';
import { type BucketSize, TokenBucket } from '../knobs/token-bucket';
import { Ec2Error } from './ec2.error';
import type { Scope } from './ec2.records';
import type { Params } from './params';

interface Group {
  /** Actions of one group share a bucket. */
  name: string;
  size: BucketSize;
}

const bucket = (capacity: number, refillPerSecond: number): BucketSize => ({
  capacity,
  refillPerSecond,
});

/** @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const OWN_BUCKET: Record<string, BucketSize> = {
  RunInstances: bucket(5, 2),
  StartInstances: bucket(5, 2),
  TerminateInstances: bucket(100, 5),
  CreateTags: bucket(100, 10),
  GetConsoleOutput: bucket(100, 10),
};

/** One token an instance, not a call. */
const RESOURCES: Record<string, BucketSize> = {
  RunInstances: bucket(1000, 2),
  StartInstances: bucket(1000, 2),
  TerminateInstances: bucket(1000, 20),
  StopInstances: bucket(1000, 20),
};

/** EC2's request and resource rate limits per account and region, where the knob is on. */
@Injectable()
export class ThrottleService {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(private readonly knobs: KnobsService) {}

  /** @throws RequestLimitExceeded */
  check(scope: Scope, action: string, params: Params, now: number): void {
    const throttling = this.knobs.throttling('ec2', scope.account);
    if (!throttling) return this.forget(scope);
    const { name, size } = groupOf(action, params);
    this.take(scope, { name, size }, 1, throttling.scale, now);
    const resources = RESOURCES[action];
    if (!resources) return;
    const instances =
      action === 'RunInstances'
        ? (params.integer('MaxCount') ?? 1)
        : params.list('InstanceId').length;
    const group = { name: `${action} resources`, size: resources };
    this.take(scope, group, instances, throttling.scale, now);
  }

  private forget({ account }: Scope): void {
    for (const key of this.buckets.keys())
      if (key.startsWith(`${account} `)) this.buckets.delete(key);
  }

  private take(scope: Scope, group: Group, count: number, scale: number, now: number): void {
    const key = [scope.account, scope.region, group.name, scale].join(' ');
    const { capacity, refillPerSecond } = group.size;
    const found =
      this.buckets.get(key) ??
      new TokenBucket(bucket(capacity * scale, refillPerSecond * scale), now);
    this.buckets.set(key, found);
    if (!found.take(count, now))
      throw new Ec2Error('RequestLimitExceeded', 'Request limit exceeded.', 503);
  }
}

function groupOf(action: string, params: Params): Group {
  const own = OWN_BUCKET[action];
  if (own) return { name: action, size: own };
  if (!action.startsWith('Describe')) return { name: 'mutating', size: bucket(50, 5) };
  const narrow =
    params.has('Filter') ||
    params.has('MaxResults') ||
    params.sorted().some(([name]) => /(Id|Name)\.\d+$/.test(name));
  if (narrow) return { name: 'filtered', size: bucket(100, 20) };
  return { name: 'unfiltered', size: bucket(50, 10) };
}
