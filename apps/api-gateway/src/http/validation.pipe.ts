import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { ApiError } from './api.error';
import { zodEntries } from './zod-entries';

/** Parses bodies and queries by the schema of their DTO; 422 with an entry a field. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    const schema = (metatype as { schema?: z.ZodType } | undefined)?.schema;
    if (!schema || (type !== 'body' && type !== 'query')) return value;
    return parse(schema, value);
  }
}

/** As `ValidationPipe`, for a schema that cannot be a class: a union. */
export class SchemaPipe implements PipeTransform {
  constructor(private readonly schema: z.ZodType) {}
  transform(value: unknown): unknown {
    return parse(this.schema, value);
  }
}

function parse(schema: z.ZodType, value: unknown): unknown {
  // No body at all is a body without any of its fields.
  const parsed = schema.safeParse(value ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new ApiError(422, zodEntries(parsed.error));
}
