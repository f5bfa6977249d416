import type { RateBucket } from '@cloudhero/domain';
import type { CallCost } from '../../metered-calls';

type Size = readonly [capacity: number, refillPerSecond: number];

/** @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html */
const OWN: Record<string, Size> = {
  RunInstances: [5, 2],
  StartInstances: [5, 2],
  TerminateInstances: [100, 5],
  CreateTags: [100, 10],
};

/** One token a server, not a call. */
const RESOURCES: Record<string, Size> = {
  RunInstances: [1000, 2],
  StartInstances: [1000, 2],
  TerminateInstances: [1000, 20],
  StopInstances: [1000, 20],
};

const FILTERED: Size = [100, 20];
const UNFILTERED: Size = [50, 10];
const MUTATING: Size = [50, 5];

/** What of a call's input says how much it takes. */
export interface CallInput {
  MaxCount?: number;
  MaxResults?: number;
  InstanceIds?: readonly string[];
  Filters?: readonly unknown[];
}

/** The buckets of one call; each region of an account has its own. */
export function costOf(region: string, action: string, input: CallInput): CallCost {
  const bucket = (name: string, [capacity, refillPerSecond]: Size): RateBucket => ({
    name: `${region}:${name}`,
    capacity,
    refillPerSecond,
  });
  const buckets = [{ bucket: bucket(...groupOf(action, input)), cost: 1 }];
  const resources = RESOURCES[action];
  if (resources) {
    const cost = input.MaxCount ?? input.InstanceIds?.length ?? 1;
    buckets.push({ bucket: bucket(`${action}:servers`, resources), cost });
  }
  return { buckets, priority: priorityOf(action) };
}

function groupOf(action: string, input: CallInput): [string, Size] {
  const own = OWN[action];
  if (own) return [action, own];
  if (!action.startsWith('Describe')) return ['mutating', MUTATING];
  const isNarrow = input.Filters ?? input.MaxResults ?? input.InstanceIds;
  return isNarrow ? ['filtered', FILTERED] : ['unfiltered', UNFILTERED];
}

function priorityOf(action: string): CallCost['priority'] {
  if (/^(Terminate|Delete)/.test(action)) return 'delete';
  return action.startsWith('Describe') ? 'poll' : 'launch';
}
