import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Ec2Service } from './ec2.service';

/** EC2's, STS's and SSM's endpoint: everything is a request to the root path. */
@Controller()
export class Ec2Controller {
  constructor(private readonly ec2: Ec2Service) {}

  @Post('/')
  post(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply);
  }

  @Get('/')
  get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answer(request, reply);
  }

  private async answer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { method, url, headers } = request;
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await this.ec2.answer({ method, url, headers, body });
    if (answer.isLost) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    await reply
      .status(answer.status)
      .header('content-type', answer.contentType)
      .header('x-amzn-requestid', answer.requestId)
      .send(answer.body);
  }
}
