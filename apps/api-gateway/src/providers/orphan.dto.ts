import { ORPHAN_KINDS } from '@cloudhero/queue';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const orphan = z.object({
  id: z.string().describe('The cloud’s own'),
  kind: z.enum(ORPHAN_KINDS),
  region: z.string(),
  name: z.string(),
  environment: z.string().nullable().describe('The environment that it was made for'),
  created_at: z.string().nullable(),
});

const unreachable = z
  .array(z.string())
  .describe('Regions that could not be asked; nothing is said of what is there');

export class OrphansDto extends createZodDto(
  z.object({
    orphans: z.array(orphan),
    regions: z.number().int().describe('How many regions were asked'),
    unreachable,
  }),
) {}

export class OrphansDeletedDto extends createZodDto(
  z.object({
    deleted: z.array(orphan),
    kept: z
      .array(orphan.extend({ code: z.string(), message: z.string() }))
      .describe('Those that are still there, and why'),
    unreachable,
  }),
) {}

/** The path of one orphan; what does not fit names none. */
export const orphanPath = z.object({
  region: z.string().min(1).max(64),
  kind: z.enum(ORPHAN_KINDS),
  id: z.string().min(1).max(255),
});
