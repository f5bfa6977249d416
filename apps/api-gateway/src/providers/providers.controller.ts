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
import { ApiBody, ApiExtraModels, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerParam, type Caller } from '../auth/caller';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { PageQueryDto, pageRequest, sendPage } from '../http/paging';
import { SchemaPipe } from '../http/validation.pipe';
import { Ticket, type IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { MetadataService } from './metadata.service';
import {
  CreateDigitalOceanProviderDto,
  CreateEc2ProviderDto,
  createProviderSchema,
  MetadataQueryDto,
  ProviderDto,
  ProviderMetadataDto,
  ProvidersDto,
  type CreateProvider,
} from './provider.dto';
import { ProvidersService } from './providers.service';

const providerId = new IdParam('provider');

@ApiTags('providers')
@ApiExtraModels(CreateEc2ProviderDto, CreateDigitalOceanProviderDto)
@Controller('providers')
export class ProvidersController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly metadata: MetadataService,
  ) {}

  @Post()
  @ApiBody({
    schema: {
      oneOf: [
        { $ref: getSchemaPath(CreateEc2ProviderDto) },
        { $ref: getSchemaPath(CreateDigitalOceanProviderDto) },
      ],
    },
  })
  @Documented({
    summary: 'Add a cloud provider; its cloud is asked whether it takes the credentials',
    description: 'Amazon’s answers an array of one, DigitalOcean’s an object.',
    status: 201,
    schema: {
      oneOf: [
        { type: 'array', items: { $ref: getSchemaPath(ProviderDto) } },
        { $ref: getSchemaPath(ProviderDto) },
      ],
    },
    errors: [400, 403, 409, 422, 502],
    idempotent: true,
  })
  create(
    @CallerParam() caller: Caller,
    @Body(new SchemaPipe(createProviderSchema)) body: CreateProvider,
    @Ticket() ticket?: IdempotencyTicket,
  ) {
    return this.providers.create(caller, body, ticket);
  }

  @Get()
  @Documented({ summary: 'The organisation’s cloud providers', type: ProvidersDto, errors: [422] })
  async list(
    @CallerParam() caller: Caller,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const page = await this.providers.list(caller, pageRequest(query));
    const rows = sendPage(page, request, reply);
    return {
      ec2: rows.filter((row) => row.provider_type === 'ec2'),
      digital_ocean: rows.filter((row) => row.provider_type === 'digital_ocean'),
    };
  }

  @Get(':id')
  @Documented({ summary: 'One cloud provider', type: ProviderDto, errors: [404] })
  get(@CallerParam() caller: Caller, @Param('id', providerId) id: string) {
    return this.providers.get(caller, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Documented({ summary: 'Forget a cloud provider', status: 204, errors: [403, 404, 409] })
  remove(@CallerParam() caller: Caller, @Param('id', providerId) id: string) {
    return this.providers.remove(caller, id);
  }

  @Get(':id/meta')
  @Documented({
    summary: 'Regions and sizes of a cloud provider',
    type: ProviderMetadataDto,
    errors: [404, 422, 502],
  })
  meta(
    @CallerParam() caller: Caller,
    @Param('id', providerId) id: string,
    @Query() { refresh }: MetadataQueryDto,
  ) {
    return this.metadata.get(caller.organisationId, id, refresh === 'true');
  }
}
