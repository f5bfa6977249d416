import { EC2Client } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import type { CloudAccount } from '../../cloud-driver';
import type { MeteredCalls } from '../../metered-calls';
import { meter } from './ec2-metering';

/** Where calls go that belong to no region. */
export const HOME_REGION = 'us-east-1';

/** The SDK's clients of one account, one a region, made when first used. */
export class Ec2Clients {
  private readonly regions = new Map<string, EC2Client>();
  private sts?: STSClient;

  constructor(
    private readonly account: CloudAccount,
    private readonly calls: MeteredCalls,
  ) {}

  ec2(region: string): EC2Client {
    let client = this.regions.get(region);
    if (!client) {
      client = new EC2Client(this.options(region));
      meter(client, region, this.calls);
      this.regions.set(region, client);
    }
    return client;
  }

  security(): STSClient {
    this.sts ??= new STSClient(this.options(HOME_REGION));
    return this.sts;
  }

  private options(region: string) {
    const { endpoint, credentials } = this.account;
    return {
      region,
      ...(endpoint ? { endpoint } : {}),
      credentials: {
        accessKeyId: credentials['accessKey'] ?? '',
        secretAccessKey: credentials['secretKey'] ?? '',
      },
      // Few: the reconcilers try again with a longer view, and a retry keeps its client token.
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 5000, requestTimeout: 60_000 },
    };
  }

  close() {
    for (const client of this.regions.values()) client.destroy();
    this.sts?.destroy();
  }
}
