import { join } from 'node:path';
import { databaseUrl } from './postgres.mjs';
import { redisUrl } from './redis.mjs';

/**
 * The services of a stack: what each is called, where its port goes, and what else it needs.
 * `heapMb` and `youngMb` bound the heap, and so the memory that an idle service keeps.
 */
export const SERVICES = [
  { app: 'api-gateway', portVariable: 'CLOUDHERO_API_PORT', needs: ['queue', 'api'], heapMb: 256 },
  { app: 'swarm-proxy', portVariable: 'CLOUDHERO_SWARM_PROXY_PORT', needs: [], heapMb: 256 },
  {
    app: 'provisioner',
    portVariable: 'CLOUDHERO_PROVISIONER_PORT',
    needs: ['queue'],
    heapMb: 256,
    // A cloud's answers are megabytes; with less, collecting them is much of what an idle one does.
    youngMb: 8,
  },
  {
    app: 'package-installer',
    portVariable: 'CLOUDHERO_PACKAGE_INSTALLER_PORT',
    needs: ['queue'],
    heapMb: 256,
  },
  { app: 'cloud-sandbox', portVariable: 'CLOUDHERO_SANDBOX_PORT', needs: ['sandbox'], heapMb: 256 },
].map((service) => ({ youngMb: 2, ...service }));

/** Each process of a stack: one a service, or as many as `replicas` says. */
export function instances({ services, replicas = {} }) {
  return SERVICES.filter(({ app }) => !services || services.includes(app)).flatMap((service) =>
    Array.from({ length: replicas[service.app] ?? 1 }, (_, index) => ({
      ...service,
      id: index === 0 ? service.app : `${service.app}-${index + 1}`,
    })),
  );
}

/** The arguments of `node` for a service. */
export function nodeArguments(root, { app, heapMb, youngMb }) {
  return [
    '--enable-source-maps',
    `--max-old-space-size=${heapMb}`,
    `--max-semi-space-size=${youngMb}`,
    join(root, 'apps', app, 'dist', 'main.js'),
  ];
}

/** Everything that libs/config asks of a service's environment. */
export function environmentOf(dir, config, instance) {
  const { ports, secrets } = config;
  const parts = {
    queue: { REDIS_URL: redisUrl({ port: ports.redis }) },
    api: {
      CLOUDHERO_SWARM_PROXY_URL: `http://127.0.0.1:${ports['swarm-proxy']}`,
      CLOUDHERO_OPERATOR_PASSWORD: secrets.operatorPassword,
    },
    sandbox: {
      CLOUDHERO_SANDBOX_NAME: config.name,
      CLOUDHERO_SANDBOX_STATE_DIR: join(dir, 'sandbox'),
      CLOUDHERO_SANDBOX_ACCESS_KEY: secrets.sandboxAccessKey,
      CLOUDHERO_SANDBOX_SECRET_KEY: secrets.sandboxSecretKey,
      CLOUDHERO_SANDBOX_DO_TOKEN: secrets.sandboxDoToken,
    },
  };
  return {
    NODE_ENV: 'production',
    // glibc's arena for each thread is most of what an idle Node process would keep.
    MALLOC_ARENA_MAX: '1',
    CLOUDHERO_HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl({ port: ports.postgres, password: secrets.postgresPassword }),
    CLOUDHERO_SECRET_KEYS: secrets.secretKeys,
    CLOUDHERO_INSTALLATION_ID: secrets.installationId,
    ...Object.assign({}, ...instance.needs.map((need) => parts[need])),
    [instance.portVariable]: String(ports[instance.id]),
    ...config.env?.[instance.app],
  };
}
