import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorators';
import { Documented } from '../http/documented.decorator';
import { Ticket, type IdempotencyTicket } from '../idempotency/idempotency-ticket';
import { LoginDto, RefreshDto, RegisterDto, TokensDto } from './account.dto';
import { AccountsService } from './accounts.service';

@ApiTags('accounts')
@Controller('accounts')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Post('register')
  @Public()
  @Documented({
    summary: 'Register an organisation and its first user',
    status: 201,
    type: [TokensDto],
    errors: [400, 422],
    public: true,
    idempotent: true,
  })
  register(
    @Body() body: RegisterDto,
    @Req() request: FastifyRequest,
    @Ticket() ticket?: IdempotencyTicket,
  ) {
    return this.accounts.register(body, originOf(request), ticket);
  }

  @Post('login')
  @Public()
  @HttpCode(200)
  @Documented({
    summary: 'Log in: a new API key and refreshing token',
    type: [TokensDto],
    errors: [400, 401, 422],
    public: true,
    idempotent: true,
  })
  login(@Body() body: LoginDto, @Req() request: FastifyRequest) {
    return this.accounts.login(body, originOf(request));
  }

  @Post('token')
  @Public()
  @HttpCode(200)
  @Documented({
    summary: 'Trade a refreshing token for a new API key and a new refreshing token',
    type: [TokensDto],
    errors: [400, 401, 422],
    public: true,
    idempotent: true,
  })
  token(@Body() body: RefreshDto, @Req() request: FastifyRequest) {
    return this.accounts.refresh(body.refreshing_token, originOf(request));
  }
}

function originOf(request: FastifyRequest) {
  return { ip: request.ip, requestId: request.id };
}
