import { applyDecorators, type Type } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, type ApiResponseSchemaHost } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

/** The one shape of errors. */
export class ErrorsDto extends createZodDto(
  z.object({
    errors: z.array(
      z.object({
        code: z.string().describe('Stable; compare this'),
        message: z.string().describe('For people'),
        field: z.string().optional().describe('Path of the field, say nodes[1].size'),
      }),
    ),
    request_id: z.string(),
    environment: z.string().optional().describe('The environment that was made, if one was'),
  }),
) {}

const MEANINGS: Record<number, string> = {
  400: 'Malformed',
  401: 'No key, or a wrong one',
  403: 'The key does not allow this',
  404: 'Not there, or not yours',
  409: 'In conflict with the state',
  422: 'Well-formed but not valid; one entry a field',
  429: 'Too many requests; see Retry-After',
  502: 'The cloud or a node failed',
  503: 'A part of the service or the cloud is away; see Retry-After',
  504: 'The cloud or a node did not answer in time',
};

export interface Documentation {
  summary: string;
  description?: string;
  /** Status of success (200 unless told), and what it answers. */
  status?: number;
  type?: Type | [Type];
  /** Instead of `type`, where the answer has more than one shape. */
  schema?: ApiResponseSchemaHost['schema'];
  answer?: string;
  /** Beside 429 and 503, and 401 unless public. */
  errors?: readonly number[];
  public?: boolean;
  /** A POST that takes an Idempotency-Key. */
  idempotent?: boolean;
  deprecated?: boolean;
}

/** What the OpenAPI document tells of a route. */
export function Documented(doc: Documentation) {
  const { summary, description, deprecated, type } = doc;
  const errors = [...(doc.public ? [] : [401]), ...(doc.errors ?? []), 429, 503];
  return applyDecorators(
    ApiOperation({
      summary,
      ...(description && { description }),
      ...(deprecated && { deprecated }),
      ...(doc.public && { security: [] }),
    }),
    ApiResponse({
      status: doc.status ?? 200,
      description: doc.answer ?? summary,
      ...(type && { type }),
      ...(doc.schema && { schema: doc.schema }),
    }),
    ...errors.map((status) =>
      ApiResponse({ status, description: MEANINGS[status] ?? 'An error', type: ErrorsDto }),
    ),
    ...(doc.idempotent
      ? [
          ApiHeader({
            name: 'Idempotency-Key',
            required: false,
            description: 'The same key and body give the first answer again, for 24 hours',
            schema: { type: 'string', maxLength: 255 },
          }),
        ]
      : []),
  );
}
