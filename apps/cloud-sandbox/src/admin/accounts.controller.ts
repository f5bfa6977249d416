import { Controller, Delete, Get, NotFoundException, Param, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AccountsService } from '../ec2/accounts.service';
import { jsonBody } from './json-body';

const statusSchema = z.strictObject({ status: z.enum(['active', 'revoked', 'forbidden']) });

@Controller('_sandbox/accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  /** Without secrets. */
  @Get()
  list() {
    return this.accounts
      .all()
      .map(({ accessKey, account, status }) => ({ accessKey, account, status }));
  }

  /** A new account of its own, with its only key. */
  @Post()
  create(@Req() request: FastifyRequest) {
    jsonBody(request, z.strictObject({}));
    const { accessKey, secretKey, account } = this.accounts.create();
    return { accessKey, secretKey, account };
  }

  /** `revoked` makes every call an AuthFailure, `forbidden` an UnauthorizedOperation. */
  @Put(':accessKey')
  update(@Param('accessKey') accessKey: string, @Req() request: FastifyRequest) {
    return this.set(accessKey, jsonBody(request, statusSchema).status);
  }

  @Delete(':accessKey')
  revoke(@Param('accessKey') accessKey: string) {
    return this.set(accessKey, 'revoked');
  }

  private set(accessKey: string, status: 'active' | 'revoked' | 'forbidden') {
    const record = this.accounts.setStatus(accessKey, status);
    if (!record) throw new NotFoundException('No such access key');
    return { accessKey, account: record.account, status };
  }
}
