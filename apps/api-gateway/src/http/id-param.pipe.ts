import { isId } from '@cloudhero/domain';
import type { PipeTransform } from '@nestjs/common';
import { notFound } from './api.error';

/** What does not look like an id cannot be one: 404 without asking the database. */
export class IdParam implements PipeTransform<string, string> {
  constructor(private readonly what: string) {}
  transform(value: string): string {
    if (!isId(value)) throw notFound(this.what);
    return value;
  }
}
