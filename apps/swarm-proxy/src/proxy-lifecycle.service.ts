import type { SwarmProxyConfig } from '@cloudhero/config';
import { Database } from '@cloudhero/persistence';
import type { Logger } from '@cloudhero/telemetry';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { ClustersService } from './cluster/clusters.service';
import { ProxyServer } from './http/proxy-server';
import { CONFIG, LOGGER } from './tokens';

/** Starts and stops serving with the application. */
@Injectable()
export class ProxyLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly server: ProxyServer,
    private readonly clusters: ClustersService,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: SwarmProxyConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap() {
    const { CLOUDHERO_SWARM_PROXY_PORT, CLOUDHERO_HOST } = this.config;
    const port = await this.server.listen(CLOUDHERO_SWARM_PROXY_PORT, CLOUDHERO_HOST);
    this.logger.info({ port }, 'listening');
  }

  async onApplicationShutdown() {
    await this.server.close();
    this.clusters.close();
    await this.database.close();
  }
}
