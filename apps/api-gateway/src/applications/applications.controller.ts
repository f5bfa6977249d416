import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { PageQueryDto, pageRequest, sendPage } from '../http/paging';
import { Ticket, type IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { ApplicationDto, CreateApplicationDto } from './application.dto';
import { ApplicationsService } from './applications.service';

@ApiTags('applications')
@Controller('applications')
export class ApplicationsController {
  constructor(private readonly applications: ApplicationsService) {}

  @Post()
  @Documented({
    summary: 'Create an application',
    status: 201,
    type: [ApplicationDto],
    errors: [400, 403, 422],
    idempotent: true,
  })
  create(
    @CallerParam() caller: Caller,
    @Body() body: CreateApplicationDto,
    @Ticket() ticket?: IdempotencyTicket,
  ) {
    return this.applications.create(caller, body, ticket);
  }

  @Get()
  @Documented({ summary: 'The organisation’s applications', type: [ApplicationDto], errors: [422] })
  async list(
    @CallerParam() caller: Caller,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendPage(await this.applications.list(caller, pageRequest(query)), request, reply);
  }
}
