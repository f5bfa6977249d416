import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { line } from '../http/text.schema';

export class CreateApplicationDto extends createZodDto(
  z.strictObject({
    application_name: line(100).describe('Give your application a name'),
    application_type: z.literal('custom').describe('We support only custom applications'),
  }),
) {}

export class ApplicationDto extends createZodDto(
  z.object({
    application_name: z.string(),
    application_type: z.string(),
    id: z.string(),
    environments: z.array(z.string()).describe('Ids of its environments'),
    deployments_count: z.number().int().describe('Environments that have reached ready'),
  }),
) {}
