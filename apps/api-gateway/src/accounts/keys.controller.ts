import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
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
import { CreateKeyDto, KeyDto, RenameKeyDto } from './key.dto';
import { KeysService } from './keys.service';

const keyId = new IdParam('key');

@ApiTags('accounts')
@Controller('accounts/keys')
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  @Get()
  @Documented({ summary: 'The organisation’s API keys', type: [KeyDto], errors: [422] })
  async list(
    @CallerParam() caller: Caller,
    @Query() query: PageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return sendPage(await this.keys.list(caller, pageRequest(query)), request, reply);
  }

  @Post()
  @Documented({
    summary: 'Make an API key; the only time that it is shown',
    status: 201,
    type: KeyDto,
    errors: [400, 403, 422],
    idempotent: true,
  })
  create(@CallerParam() caller: Caller, @Body() body: CreateKeyDto) {
    return this.keys.create(caller, body);
  }

  @Patch(':id')
  @Documented({ summary: 'Rename an API key', type: KeyDto, errors: [400, 403, 404, 422] })
  rename(
    @CallerParam() caller: Caller,
    @Param('id', keyId) id: string,
    @Body() body: RenameKeyDto,
  ) {
    return this.keys.rename(caller, id, body.name);
  }

  @Delete(':id')
  @HttpCode(204)
  @Documented({ summary: 'Revoke an API key, at once', status: 204, errors: [403, 404] })
  revoke(@CallerParam() caller: Caller, @Param('id', keyId) id: string) {
    return this.keys.revoke(caller, id);
  }
}
