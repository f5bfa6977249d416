import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { Ticket, type IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { EnvironmentCreateService } from './environment-create.service';
import { CreateEnvironmentDto, ReadyDto } from './environment.dto';
import { LaunchAnswer } from './launch-answer.service';

@ApiTags('environments')
@Controller('applications')
export class EnvironmentCreateController {
  constructor(
    private readonly environments: EnvironmentCreateService,
    private readonly answers: LaunchAnswer,
  ) {}

  @Post(':application/environments')
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: 'respond-async: answer 202 at once; wait=N: after N seconds at most',
  })
  @ApiResponse({ status: 202, description: 'Under way; see Location', type: ReadyDto })
  @Documented({
    summary: 'Create an environment: launch servers and install their packages',
    description: 'Answers when every node is ready, or one has failed.',
    status: 201,
    type: ReadyDto,
    errors: [400, 403, 404, 409, 422, 502, 504],
    idempotent: true,
  })
  async create(
    @CallerParam() caller: Caller,
    @Param('application', new IdParam('application')) application: string,
    @Body() body: CreateEnvironmentDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Ticket() ticket?: IdempotencyTicket,
  ) {
    const id = await this.environments.create(caller, application, body, ticket);
    return this.answers.send(caller, id, null, { request, reply });
  }
}
