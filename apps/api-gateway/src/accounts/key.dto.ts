import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { line } from '../http/text.schema';

const scope = z.enum(['full', 'read']);

export class CreateKeyDto extends createZodDto(
  z.strictObject({
    name: line(100),
    scope: scope.default('full').describe('read: GET only, and nothing that changes'),
  }),
) {}

export class RenameKeyDto extends createZodDto(z.strictObject({ name: line(100) })) {}

const key = z.object({
  id: z.string(),
  name: z.string(),
  scope,
  persistent_token: z.string().describe('The key; shown whole only when it is made'),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
});

export class KeyDto extends createZodDto(key) {}
