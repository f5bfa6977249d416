import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { cloudKey, httpUrl, line } from '../http/text.schema';

const common = {
  provider_name: line(100).describe('The name of the cloud provider'),
  endpoint: httpUrl.optional().describe('A private cloud that speaks the same API'),
};

const ec2 = z.strictObject({
  cloud_provider: z.literal('ec2'),
  ...common,
  accessKey: cloudKey(128).describe('AWS access key'),
  secretKey: cloudKey(256).describe('AWS secret key'),
});

const digitalOcean = z.strictObject({
  cloud_provider: z.enum(['digital_ocean', 'digitalocean']),
  ...common,
  access_token: cloudKey(512).describe('DigitalOcean access token'),
});

export const createProviderSchema = z.discriminatedUnion('cloud_provider', [ec2, digitalOcean]);
export type CreateProvider = z.infer<typeof createProviderSchema>;

export class CreateEc2ProviderDto extends createZodDto(ec2) {}
export class CreateDigitalOceanProviderDto extends createZodDto(digitalOcean) {}

const provider = z.object({
  provider_meta: z
    .record(z.string(), z.string())
    .describe('The credentials; secrets keep their key and lose their value'),
  name: z.string(),
  organisation: z.string(),
  id: z.string(),
  provider_type: z.enum(['ec2', 'digital_ocean']),
  endpoint: z.string().optional(),
});

export class ProviderDto extends createZodDto(provider) {}

export class ProvidersDto extends createZodDto(
  z.object({ ec2: z.array(provider), digital_ocean: z.array(provider) }),
) {}

export class ProviderMetadataDto extends createZodDto(
  z.object({
    locations: z.record(z.string(), z.object({ endpoint: z.string(), name: z.string() })),
    sizes: z
      .record(
        z.string(),
        z.record(
          z.string(),
          z.object({ cores: z.string(), disk: z.string(), ram: z.string(), id: z.string() }),
        ),
      )
      .describe('By category, then by size'),
  }),
) {}

export class MetadataQueryDto extends createZodDto(
  z.object({
    refresh: z.enum(['true', 'false']).default('false').describe('Ask the cloud again'),
  }),
) {}
