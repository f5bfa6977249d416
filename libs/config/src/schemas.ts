import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);

/** What every service reads. */
const baseSchema = z.object({
  CLOUDHERO_HOST: z.string().default('127.0.0.1').describe('Address that the service listens on'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
});

const databaseSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('Postgres of the installation'),
  CLOUDHERO_MIGRATIONS_DIR: z.string().describe('Folder of prisma/migrations').optional(),
});

const redisSchema = z.object({
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).describe('Redis of the queues'),
  CLOUDHERO_QUEUE_PREFIX: z.string().default('cloudhero'),
});

const secretsSchema = z.object({
  CLOUDHERO_SECRET_KEYS: z
    .string()
    .regex(/^\d+:[A-Za-z0-9+/]{43}=(,\d+:[A-Za-z0-9+/]{43}=)*$/, {
      error:
        'expected VERSION:BASE64 of 32 bytes, several with commas between them, the highest version seals',
    })
    .describe('Keys that seal credentials at rest'),
  CLOUDHERO_INSTALLATION_ID: z
    .string()
    .regex(/^[0-9a-f]{24}$/, { error: 'expected 24 lowercase hex digits' })
    .describe('Carried by every cloud resource that this installation makes'),
});

const workerSchema = z.object({
  ...baseSchema.shape,
  ...databaseSchema.shape,
  ...redisSchema.shape,
  ...secretsSchema.shape,
  CLOUDHERO_SWEEP_INTERVAL_MS: z.coerce.number().int().min(100).default(2000),
});

export const apiGatewaySchema = z.object({
  ...baseSchema.shape,
  ...databaseSchema.shape,
  ...redisSchema.shape,
  ...secretsSchema.shape,
  CLOUDHERO_API_PORT: port(8080),
  CLOUDHERO_SWARM_PROXY_URL: z.url({ protocol: /^http$/ }).default('http://127.0.0.1:8081'),
  CLOUDHERO_OPERATOR_USER: z.string().default('operator'),
  CLOUDHERO_OPERATOR_PASSWORD: z
    .string()
    .min(12, { error: 'at least 12 characters, for /admin/queues' }),
  CLOUDHERO_RATE_LIMIT_PER_MINUTE: z.coerce.number().int().positive().default(1200),
  CLOUDHERO_TLS_CERT_FILE: z.string().optional(),
  CLOUDHERO_TLS_KEY_FILE: z.string().optional(),
  CLOUDHERO_MAX_NODES_PER_ENVIRONMENT: z.coerce.number().int().positive().default(1000),
});

export const provisionerSchema = z.object({
  ...workerSchema.shape,
  CLOUDHERO_PROVISIONER_PORT: port(8082),
  CLOUDHERO_OBSERVE_INTERVAL_MS: z.coerce.number().int().min(100).default(1000),
  CLOUDHERO_DRIFT_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(40_000)
    .describe('How often clouds are looked at for what has changed behind our back'),
  CLOUDHERO_SSH_FROM: z
    .string()
    .regex(/^[0-9./]+(,[0-9./]+)*$/, { error: 'expected networks such as 203.0.113.7/32' })
    .default('0.0.0.0/0')
    .describe('Networks that may reach nodes over SSH: where package-installer runs'),
});

export const packageInstallerSchema = z.object({
  ...workerSchema.shape,
  CLOUDHERO_PACKAGE_INSTALLER_PORT: port(8083),
  CLOUDHERO_INSTALL_CONCURRENCY: z.coerce.number().int().positive().default(50),
  CLOUDHERO_CHECK_PER_SECOND: z.coerce
    .number()
    .min(0)
    .default(10)
    .describe('How many ready nodes a process looks at in a second at most; 0: none'),
});

export const swarmProxySchema = z.object({
  ...baseSchema.shape,
  ...databaseSchema.shape,
  ...secretsSchema.shape,
  CLOUDHERO_SWARM_PROXY_PORT: port(8081),
});

export const cloudSandboxSchema = z.object({
  ...baseSchema.shape,
  CLOUDHERO_SANDBOX_PORT: port(8084),
  CLOUDHERO_SANDBOX_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/)
    .default('cloudhero')
    .describe('Prefix and label of every container, volume and network that the sandbox makes'),
  CLOUDHERO_SANDBOX_MACHINES: z
    .enum(['docker', 'virtual'])
    .default('docker')
    .describe('virtual: no instance is more than a record, and no engine is needed'),
  CLOUDHERO_SANDBOX_STATE_DIR: z.string().default('.cloudhero/sandbox'),
  CLOUDHERO_SANDBOX_ACCESS_KEY: z.string().default('AKIASANDBOXSANDBOX00'),
  CLOUDHERO_SANDBOX_SECRET_KEY: z.string().min(16),
  CLOUDHERO_SANDBOX_DO_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe("Token of an account at the sandbox's DigitalOcean"),
  DOCKER_HOST: z.string().default('unix:///var/run/docker.sock'),
});

export type ApiGatewayConfig = z.infer<typeof apiGatewaySchema>;
export type ProvisionerConfig = z.infer<typeof provisionerSchema>;
export type PackageInstallerConfig = z.infer<typeof packageInstallerSchema>;
export type SwarmProxyConfig = z.infer<typeof swarmProxySchema>;
export type CloudSandboxConfig = z.infer<typeof cloudSandboxSchema>;
