import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { email, httpUrl, line, secret } from '../http/text.schema';

export class CreateDockerHubDto extends createZodDto(
  z.strictObject({
    name: line(100),
    url: httpUrl.describe('Docker Hub, or any registry that speaks its API'),
    username: line(255),
    password: secret(1, 4096).describe('Its password, or an access token'),
    email,
  }),
) {}

export class IntegrationDto extends createZodDto(
  z.object({
    name: z.string(),
    organisation: z.string(),
    type: z.literal('docker-hub'),
    id: z.string(),
    integration_meta: z.object({
      url: z.string(),
      username: z.string(),
      password: z.string().describe('Masked'),
      email: z.string(),
    }),
    _name: z.string().describe('The name in snake case'),
  }),
) {}
