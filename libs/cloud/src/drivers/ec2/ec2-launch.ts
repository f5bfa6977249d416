import { type EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CloudHeroError, type ObservedServer } from '@cloudhero/domain';
import type { LaunchAttempt, LaunchBatch } from '../../cloud-driver';
import { TAG } from '../../cloud-tags';
import { asLaunchError } from './ec2-errors';
import type { Ec2InstancePages } from './ec2-instance-pages';
import { tagsFor } from './ec2-network';
import { asServer } from './ec2-servers';

/** Carries launches out, each in one call: EC2 knows a repeat by its client token. */
export class Ec2Launch {
  /** @param marks tags of everything that is the environment's */
  constructor(
    private readonly client: EC2Client,
    private readonly pages: Ec2InstancePages,
    private readonly marks: Record<string, string>,
  ) {}

  async run(batch: LaunchBatch, attempt: LaunchAttempt): Promise<ObservedServer[]> {
    try {
      const { Instances = [] } = await this.client.send(this.request(batch));
      return Instances.map(asServer);
    } catch (error) {
      return this.madeBefore(error, batch, attempt);
    }
  }

  private request(batch: LaunchBatch): RunInstancesCommand {
    const { keyName = '', securityGroupId = '' } = batch.resources;
    const tags = {
      ...this.marks,
      [TAG.launch]: batch.launchId,
      // All servers of a call have the same tags.
      Name: batch.names.length === 1 ? (batch.names[0] ?? batch.name) : batch.name,
    };
    return new RunInstancesCommand({
      ClientToken: batch.launchId,
      ImageId: batch.image,
      InstanceType: batch.size as never,
      // All or none.
      MinCount: batch.names.length,
      MaxCount: batch.names.length,
      KeyName: keyName,
      SecurityGroupIds: [securityGroupId],
      ...(batch.zone ? { Placement: { AvailabilityZone: batch.zone } } : {}),
      UserData: Buffer.from(batch.userData).toString('base64'),
      // Version 2 and one hop: a container on the node cannot read the user data.
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      TagSpecifications: tagsFor(['instance', 'volume'], tags),
    });
  }

  /**
   * What a refused launch had made before. EC2 may look at a request's image or key before it knows the
   * request again by its token, so a refusal of a repeat says nothing of the first attempt.
   */
  private async madeBefore(
    error: unknown,
    { launchId, zone }: LaunchBatch,
    { first }: LaunchAttempt,
  ): Promise<ObservedServer[]> {
    const refusal = asLaunchError(error, zone);
    const isRepeat = !first || attemptsOf(error) > 1;
    const isRefused = !refusal.temporary || refusal.code === 'capacity_unavailable';
    if (isRepeat && isRefused) {
      const filters = [{ Name: 'client-token', Values: [launchId] }];
      const made = await this.pages.look(this.client, filters);
      if (made.length > 0) return made;
    }
    throw afterRepeat(error, refusal);
  }
}

/**
 * A refusal that the SDK met when it repeated a launch by itself says nothing of what became of the
 * first attempt: the key may have been revoked in between.
 */
function afterRepeat(error: unknown, refusal: CloudHeroError): CloudHeroError {
  if (attemptsOf(error) === 1 || refusal.temporary) return refusal;
  return new CloudHeroError('cloud_unavailable', refusal.message, { cause: error });
}

/** How often the SDK had sent a call when it gave up. */
function attemptsOf(error: unknown): number {
  return (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;
}
