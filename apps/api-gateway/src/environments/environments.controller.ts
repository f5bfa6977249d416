import { Body, Controller, Get, Param, Patch, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes } from '../auth/access.decorators';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { PageQueryDto, pageRequest, sendPage } from '../http/paging';
import { DockerBundleService } from './docker-bundle.service';
import {
  DockerBundleDto,
  EnvironmentDto,
  EnvironmentSummaryDto,
  QueryAnswerDto,
} from './environment-answers.dto';
import { EnvironmentRepairService } from './environment-repair.service';
import { ChangeEnvironmentDto } from './environment.dto';
import { EnvironmentsService } from './environments.service';

const environmentId = new IdParam('environment');

@ApiTags('environments')
@Controller('environments')
export class EnvironmentsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly bundles: DockerBundleService,
    private readonly repairs: EnvironmentRepairService,
  ) {}

  @Get()
  @Documented({
    summary: 'The organisation’s environments',
    type: [EnvironmentSummaryDto],
    errors: [422],
  })
  async list(
    @CallerParam() { organisationId }: Caller,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.environments.list(organisationId, pageRequest(query));
    return sendPage(page, request, reply);
  }

  @Get(':id')
  @Documented({
    summary: 'An environment with each node’s phase, progress and last error',
    type: EnvironmentDto,
    errors: [404],
  })
  show(@CallerParam() { organisationId }: Caller, @Param('id', environmentId) id: string) {
    return this.environments.show(organisationId, id);
  }

  @Patch(':id')
  @Documented({
    summary: 'Say whether what happens to its servers is repaired',
    type: EnvironmentDto,
    errors: [400, 403, 404, 409, 422],
  })
  change(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Body() { repair }: ChangeEnvironmentDto,
  ) {
    return this.repairs.set(caller, id, repair);
  }

  @Get(':id/query')
  @Documented({
    summary: 'The servers as their cloud shows them now',
    type: QueryAnswerDto,
    errors: [404, 502, 504],
  })
  query(@CallerParam() caller: Caller, @Param('id', environmentId) id: string) {
    return this.environments.query(caller, id);
  }

  @Get(':id/docker')
  @Writes()
  @Documented({
    summary: 'A client certificate for the environment’s Docker engines, and how to use it',
    type: DockerBundleDto,
    errors: [403, 404, 409],
  })
  docker(
    @CallerParam() caller: Caller,
    @Param('id', environmentId) id: string,
    @Req() request: FastifyRequest,
  ) {
    return this.bundles.issue(caller, id, request.host);
  }
}
