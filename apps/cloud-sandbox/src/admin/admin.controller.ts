import {
  BadRequestException,
  ConflictException,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { machineIdOf } from '../digitalocean/do-store';
import { CallCounter } from '../knobs/call-counter';
import { MachineService } from '../machines/machine-service';
import { jsonBody } from './json-body';
import { InventoryService } from './inventory.service';
import { PurgeService } from './purge.service';

const nothing = z.strictObject({});

/** What tests and the demo ask of the sandbox itself. Not for other hosts: it has no login. */
@Controller('_sandbox')
export class AdminController {
  constructor(
    private readonly calls: CallCounter,
    private readonly inventory: InventoryService,
    private readonly machines: MachineService,
    private readonly purging: PurgeService,
  ) {}

  /** Of one cloud where the query names it, else of both. */
  @Get('calls')
  getCalls(@Query('cloud') cloud?: string) {
    if (cloud !== undefined && cloud !== 'ec2' && cloud !== 'digital_ocean')
      throw new BadRequestException(`There is no cloud ${cloud}`);
    return this.calls.report(cloud);
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

  /** What is left, of one account where the query names it. */
  @Get('resources')
  getResources(@Query('account') account?: string) {
    return this.inventory.resources(account);
  }

  /** Another public address for a running machine, behind everybody's back. */
  @Post('instances/:id/readdress')
  @HttpCode(204)
  async readdress(@Param('id') id: string, @Req() request: FastifyRequest): Promise<void> {
    jsonBody(request, nothing);
    const machineId = /^\d+$/.test(id) ? machineIdOf(Number(id)) : id;
    if (!(await this.machines.readdress(machineId)))
      throw new ConflictException('No running machine has this id');
  }

  @Delete()
  @HttpCode(204)
  delete(): Promise<void> {
    return this.purging.purge();
  }

  @Post('purge')
  @HttpCode(204)
  purge(@Req() request: FastifyRequest): Promise<void> {
    jsonBody(request, nothing);
    return this.purging.purge();
  }
}
