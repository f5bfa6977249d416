import type { Page } from '@cloudhero/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

export class PageQueryDto extends createZodDto(
  z.object({
    limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Most entries to answer'),
    cursor: z
      .string()
      .regex(/^[0-9a-f]{24}$/, { error: 'This is not a cursor.' })
      .optional()
      .describe('Where to go on; see the Link header of the answer before'),
  }),
) {}

/** The query as repositories take it. */
export function pageRequest({ limit, cursor }: PageQueryDto) {
  return { limit, cursor: cursor ?? '' };
}

/** Says where the next page is, and gives the entries of this one. */
export function sendPage<T>(
  { items, next }: Page<T>,
  request: FastifyRequest,
  reply: FastifyReply,
): T[] {
  if (next) {
    const [path = '', query = ''] = request.url.split('?');
    const params = new URLSearchParams(query);
    params.set('cursor', next);
    reply.header('Link', `<${path}?${params.toString()}>; rel="next"`);
  }
  return items;
}
