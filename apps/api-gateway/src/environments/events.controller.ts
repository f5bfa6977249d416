import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { CallerParam, type Caller } from '../auth/caller';
import { invalid } from '../http/api.error';
import { Documented } from '../http/documented.decorator';
import { IdParam } from '../http/id-param.pipe';
import { EventDto } from './environment-answers.dto';
import { EnvironmentsService } from './environments.service';
import { EventStream } from './event-stream.service';

const EVENT_ID = /^\d{1,18}$/;

export class EventsQueryDto extends createZodDto(
  z.object({
    after: z
      .string()
      .regex(EVENT_ID, { error: 'This is not the id of an event.' })
      .optional()
      .describe('Only events after this one'),
  }),
) {}

@ApiTags('environments')
@Controller('environments/:id/events')
export class EventsController {
  constructor(
    private readonly environments: EnvironmentsService,
    private readonly stream: EventStream,
  ) {}

  @Get()
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'As ?after=' })
  @ApiProduces('application/json', 'text/event-stream')
  @Documented({
    summary: 'Progress, live as server-sent events, or as a list of up to 500',
    description: 'A stream with Accept: text/event-stream; resumable.',
    type: [EventDto],
    errors: [404, 422],
  })
  async events(
    @CallerParam() { organisationId }: Caller,
    @Param('id', new IdParam('environment')) id: string,
    @Query() query: EventsQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const after = BigInt(checkedId(lastEventId) ?? query.after ?? 0);
    if (!/\btext\/event-stream\b/.test(request.headers.accept ?? '')) {
      await reply.send(await this.environments.events(organisationId, id, after));
      return;
    }
    await this.environments.find(organisationId, id);
    await this.stream.send(id, after, reply);
  }
}

function checkedId(lastEventId: string | undefined): string | undefined {
  if (lastEventId === undefined || lastEventId === '' || EVENT_ID.test(lastEventId)) {
    return lastEventId || undefined;
  }
  const message = 'This is not the id of an event.';
  throw invalid({ code: 'invalid_format', message, field: 'Last-Event-ID' });
}
