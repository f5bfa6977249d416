import { Controller, Delete, Get, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { jsonBody } from '../admin/json-body';
import { knobsSchema } from './knobs.schema';
import { KnobsService } from './knobs.service';

@Controller('_sandbox/knobs')
export class KnobsController {
  constructor(private readonly knobs: KnobsService) {}

  @Get()
  get() {
    return this.knobs.current;
  }

  /** Replaces all knobs: what is left out is reset. */
  @Put()
  put(@Req() request: FastifyRequest) {
    this.knobs.set(jsonBody(request, knobsSchema));
    return this.knobs.current;
  }

  @Delete()
  reset() {
    this.knobs.reset();
    return this.knobs.current;
  }
}
