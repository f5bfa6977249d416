import { All, Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DoService } from './do.service';

/** DigitalOcean's API, whose paths all begin with /v2. */
@Controller('v2')
export class DoController {
  constructor(private readonly digitalOcean: DoService) {}

  @All('*')
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const answer = await this.digitalOcean.answer({
      method: request.method,
      url: request.url,
      origin: `http://${request.host}`,
      authorization: request.headers.authorization,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    });
    if (answer.isLost) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    reply.status(answer.status).headers(answer.headers);
    // A 204 has the type too, there as here.
    await reply.type('application/json; charset=utf-8').send(answer.body);
  }
}
