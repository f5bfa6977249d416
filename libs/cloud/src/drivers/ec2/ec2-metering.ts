import type { EC2Client } from '@aws-sdk/client-ec2';
import type { MeteredCalls } from '../../metered-calls';
import { costOf, type CallInput } from './ec2-budget';
import { asCloudError } from './ec2-errors';

/** Has each attempt of a client's calls, the SDK's own repeats included, ask the budget first. */
export function meter(client: EC2Client, region: string, calls: MeteredCalls): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const action = commandName.replace(/Command$/, '');
        const cost = costOf(region, action, args.input as CallInput);
        await calls.take(cost);
        try {
          return await next(args);
        } catch (error) {
          const { code, options } = asCloudError(error);
          const [own] = cost.buckets;
          if (code === 'throttled' && own) await calls.slowDown(own.bucket, options.retryAfterMs);
          throw error;
        }
      },
    // Inside of the retries, which have a high priority in the same step.
    { step: 'finalizeRequest', priority: 'low', name: 'cloudheroMetering' },
  );
}
