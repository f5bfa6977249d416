import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import type { DockerHost } from '../machines/docker-host';
import { MACHINE_HOST } from '../sandbox.tokens';

@Controller('health')
export class HealthController {
  constructor(@Inject(MACHINE_HOST) private readonly host: DockerHost | undefined) {}

  @Get('live')
  live() {
    return { status: 'ok' };
  }

  /** Ready when a machine could boot at once; until then 503 with what is being done for it. */
  @Get('ready')
  ready() {
    if (this.host?.status)
      throw new ServiceUnavailableException({ status: 'starting', machines: this.host.status });
    return { status: 'ok', machines: this.host ? 'docker' : 'virtual' };
  }
}
