import { Controller, Delete, Get, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CallCounter } from '../knobs/call-counter';
import { jsonBody } from './json-body';
import { InventoryService } from './inventory.service';
import { PurgeService } from './purge.service';

/** What tests and the demo ask of the sandbox itself. Not for other hosts: it has no login. */
@Controller('_sandbox')
export class AdminController {
  constructor(
    private readonly calls: CallCounter,
    private readonly inventory: InventoryService,
    private readonly purging: PurgeService,
  ) {}

  @Get('calls')
  getCalls() {
    return this.calls.report();
  }

  @Delete('calls')
  @HttpCode(204)
  resetCalls(): void {
    this.calls.reset();
  }

  @Get('instances')
  getInstances() {
    return this.inventory.instances();
  }

  @Delete()
  @HttpCode(204)
  delete(): Promise<void> {
    return this.purging.purge();
  }

  @Post('purge')
  @HttpCode(204)
  purge(@Req() request: FastifyRequest): Promise<void> {
    jsonBody(request, z.strictObject({}));
    return this.purging.purge();
  }
}
