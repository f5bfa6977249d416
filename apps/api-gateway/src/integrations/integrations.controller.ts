import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { PageQueryDto, pageRequest, sendPage } from '../http/paging';
import { Ticket, type IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { CreateDockerHubDto, IntegrationDto } from './integration.dto';
import { IntegrationsService } from './integrations.service';

@ApiTags('integrations')
@Controller('integrations')
export class IntegrationsController {
  constructor(private readonly integrations: IntegrationsService) {}

  @Post('docker-hub')
  @Documented({
    summary: 'Add an account with Docker Hub or another registry',
    status: 201,
    type: IntegrationDto,
    errors: [400, 403, 422],
    idempotent: true,
  })
  create(
    @CallerParam() caller: Caller,
    @Body() body: CreateDockerHubDto,
    @Ticket() ticket?: IdempotencyTicket,
  ) {
    return this.integrations.create(caller, body, ticket);
  }

  @Get()
  @Documented({ summary: 'The organisation’s integrations', type: [IntegrationDto], errors: [422] })
  async list(
    @CallerParam() caller: Caller,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendPage(await this.integrations.list(caller, pageRequest(query)), request, reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @Documented({ summary: 'Forget an integration', status: 204, errors: [403, 404, 409] })
  remove(@CallerParam() caller: Caller, @Param('id', new IdParam('integration')) id: string) {
    return this.integrations.remove(caller, id);
  }
}
