import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { label, line } from '../http/text.schema';

const node = z.strictObject({
  packages: z
    .array(line(140))
    .max(50)
    .describe('Names of GET /packages, or apt:NAME for any other of the distribution’s'),
  name: label.describe('Give your server a name'),
  size: line(64).describe('Server size (eg. t2.micro)'),
  fallback_sizes: z
    .array(line(64))
    .max(10)
    .optional()
    .describe('Sizes that will do where the cloud has no room for the first, in this order'),
});
export type NodeRequest = z.infer<typeof node>;

const repair = z
  .boolean()
  .describe('Whether what happens to servers behind our back is repaired; false unless told');

export class CreateEnvironmentDto extends createZodDto(
  z.strictObject({
    provider_id: z.string().max(64).describe('Cloud provider id'),
    region: line(64).describe('Server region (eg. us-east-1)'),
    environment: label.describe('Environment name (eg. production)'),
    nodes: z.array(node).min(1),
    repair: repair.optional(),
    integrations: z
      .array(z.string().max(64))
      .max(50)
      .optional()
      .describe('Ids of registries that the nodes are logged in to'),
  }),
) {}

export class ChangeEnvironmentDto extends createZodDto(z.strictObject({ repair })) {}

export class AddNodesDto extends createZodDto(z.strictObject({ nodes: z.array(node).min(1) })) {}

export class ReadyDto extends createZodDto(
  z.object({
    ready: z.boolean(),
    environment: z.string().describe('The environment’s id'),
    account: z.string().describe('The organisation’s id'),
  }),
) {}
