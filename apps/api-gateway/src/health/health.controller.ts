import { Controller, Get, Module } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { Public } from '../auth/access.decorators';
import { Connections } from '../core/connections.service';
import { unavailable } from '../http/api.error';
import { Documented } from '../http/documented.decorator';

export class HealthDto extends createZodDto(z.object({ status: z.literal('ok') })) {}

@ApiTags('health')
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly connections: Connections) {}

  @Get('live')
  @Documented({ summary: 'Whether the process runs', type: HealthDto, public: true })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Documented({ summary: 'Whether Postgres and Redis answer', type: HealthDto, public: true })
  async ready() {
    const answers = await this.connections.check();
    const away = Object.entries(answers).flatMap(([name, answered]) => (answered ? [] : [name]));
    if (away.length > 0) throw unavailable(`No answer from ${away.join(' and ')}.`);
    return { status: 'ok' };
  }
}

@Module({ controllers: [HealthController] })
export class HealthModule {}
