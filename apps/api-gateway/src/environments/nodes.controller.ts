import { Body, Controller, Delete, Get, Param, Post, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { ShutdownService } from '../http/shutdown.service';
import { Ticket, type IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { DeleteAnswerDto, OutputDto } from './environment-answers.dto';
import { AddNodesDto, ReadyDto } from './environment.dto';
import { EnvironmentsService } from './environments.service';
import { LaunchAnswer } from './launch-answer.service';
import { NodesService } from './nodes.service';

const environmentId = new IdParam('environment');

@ApiTags('environments')
@Controller('environments/:id/nodes')
export class NodesController {
  constructor(
    private readonly nodes: NodesService,
    private readonly environments: EnvironmentsService,
    private readonly answers: LaunchAnswer,
    private readonly shutdown: ShutdownService,
  ) {}

  @Post()
  @ApiHeader({
    name: 'Prefer',
    required: false,
    description: 'respond-async: answer 202 at once; wait=N: after N seconds at most',
  })
  @ApiResponse({ status: 202, description: 'Under way; see Location', type: ReadyDto })
  @Documented({
    summary: 'Add nodes; answers when they are ready',
    status: 201,
    type: ReadyDto,
    errors: [400, 403, 404, 409, 422, 502, 504],
    idempotent: true,
  })
  async add(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Body() body: AddNodesDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Ticket() ticket?: IdempotencyTicket,
  ) {
    const nodeIds = await this.nodes.add(caller, id, body.nodes, ticket);
    return this.answers.send(caller, id, nodeIds, { request, reply });
  }

  @Delete(':node')
  @Documented({
    summary: 'Remove a node, by name or id',
    type: DeleteAnswerDto,
    errors: [403, 404, 409, 422, 502, 504],
  })
  remove(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Param('node') node: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.nodes.remove(caller, id, node, this.shutdown.signalFor(reply));
  }

  @Get(':node/output')
  @ApiProduces('application/json', 'text/plain')
  @Documented({
    summary: 'What the installation of a node’s packages printed',
    type: [OutputDto],
    errors: [404],
  })
  async output(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Param('node') node: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const pieces = await this.environments.output(caller.organisationId, id, node);
    if (!/\btext\/plain\b/.test(request.headers.accept ?? '')) return pieces;
    reply.type('text/plain; charset=utf-8');
    return pieces.map((piece) => `==> ${piece.package}\n${piece.text}\n`).join('\n');
  }
}
