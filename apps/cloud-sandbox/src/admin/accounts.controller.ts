import { Controller, Delete, Get, NotFoundException, Param, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DoAccountsService } from '../digitalocean/accounts.service';
import { AccountsService } from '../ec2/accounts.service';
import { jsonBody } from './json-body';

const createSchema = z.strictObject({ cloud: z.enum(['ec2', 'digital_ocean']).default('ec2') });
const statusSchema = z.strictObject({ status: z.enum(['active', 'revoked', 'forbidden']) });

@Controller('_sandbox/accounts')
export class AccountsController {
  constructor(
    private readonly ec2: AccountsService,
    private readonly digitalOcean: DoAccountsService,
  ) {}

  /** Without secrets, which a token of DigitalOcean is as a whole. */
  @Get()
  list() {
    const ec2 = this.ec2
      .all()
      .map(({ accessKey, account, status }) => ({ accessKey, account, status }));
    const digitalOcean = this.digitalOcean
      .all()
      .map(({ account, status }) => ({ cloud: 'digital_ocean', account, status }));
    return [...ec2, ...digitalOcean];
  }

  /** A new account of its own, with its only key or token. */
  @Post()
  create(@Req() request: FastifyRequest) {
    const { cloud } = jsonBody(request, createSchema);
    if (cloud === 'digital_ocean') {
      const { token, account } = this.digitalOcean.create();
      return { token, account };
    }
    const { accessKey, secretKey, account } = this.ec2.create();
    return { accessKey, secretKey, account };
  }

  /**
   * By an access key, a token, or the account of a token. At EC2 `revoked` makes every call an
   * AuthFailure and `forbidden` an UnauthorizedOperation, at DigitalOcean a 401 and a 403.
   */
  @Put(':name')
  update(@Param('name') name: string, @Req() request: FastifyRequest) {
    return this.set(name, jsonBody(request, statusSchema).status);
  }

  @Delete(':name')
  revoke(@Param('name') name: string) {
    return this.set(name, 'revoked');
  }

  private set(name: string, status: 'active' | 'revoked' | 'forbidden') {
    const key = this.ec2.setStatus(name, status);
    if (key) return { accessKey: name, account: key.account, status };
    const token = this.digitalOcean.setStatus(name, status);
    if (token) return { cloud: 'digital_ocean', account: token.account, status };
    throw new NotFoundException('No such access key or token');
  }
}
