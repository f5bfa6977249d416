import { Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes } from '../auth/access.decorators';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { ShutdownService } from '../http/shutdown.service';
import { DeleteAnswerDto, StateChangeDto } from './environment-answers.dto';
import { EnvironmentActionsService } from './environment-actions.service';
import { markReferenceForm } from './reference-form';

const environmentId = new IdParam('environment');
const ERRORS = [403, 404, 409, 422, 502, 504];
const STOP = { summary: 'Stop all servers', type: StateChangeDto, errors: ERRORS };
const START = { summary: 'Start all servers', type: StateChangeDto, errors: ERRORS };
const DELETE = { summary: 'Delete all servers', type: DeleteAnswerDto, errors: ERRORS };
const OLD = {
  deprecated: true,
  description: 'The reference’s form; the Link header names the successor.',
};

/** Stop, start and delete, each with a proper verb and as the reference has it, with GET. */
@ApiTags('environments')
@Controller('environments/:id')
export class EnvironmentActionsController {
  constructor(
    private readonly actions: EnvironmentActionsService,
    private readonly shutdown: ShutdownService,
  ) {}

  @Post('stop')
  @HttpCode(200)
  @Documented({ ...STOP, idempotent: true })
  stop(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.actions.change(caller, id, 'stop', this.shutdown.signalFor(reply));
  }

  @Post('start')
  @HttpCode(200)
  @Documented({ ...START, idempotent: true })
  start(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.actions.change(caller, id, 'start', this.shutdown.signalFor(reply));
  }

  @Delete()
  @Documented(DELETE)
  remove(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.actions.remove(caller, id, this.shutdown.signalFor(reply));
  }

  @Get('stop')
  @Writes()
  @Documented({ ...STOP, ...OLD })
  getStop(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    markReferenceForm(request, reply, `/environments/${id}/stop`);
    return this.stop(caller, id, reply);
  }

  @Get('start')
  @Writes()
  @Documented({ ...START, ...OLD })
  getStart(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    markReferenceForm(request, reply, `/environments/${id}/start`);
    return this.start(caller, id, reply);
  }

  @Get('delete')
  @Writes()
  @Documented({ ...DELETE, ...OLD })
  getDelete(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    markReferenceForm(request, reply, `/environments/${id}`);
    return this.remove(caller, id, reply);
  }
}
