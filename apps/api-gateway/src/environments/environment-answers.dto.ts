import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const state = z.object({ code: z.string(), name: z.string() });
const change = { instanceId: z.string(), currentState: state, previousState: state };

/** `std_out` by account and provider, by kind of cloud, by server's name. */
const stdOut = <T extends z.ZodType>(server: T) =>
  z.object({
    std_out: z.record(z.string(), z.record(z.string(), z.record(z.string(), server))),
    success: z.literal(true),
  });

export class QueryAnswerDto extends createZodDto(
  stdOut(
    z.object({
      private_ips: z.string(),
      image: z.string(),
      state: z.string(),
      public_ips: z.string(),
      size: z.string(),
      id: z.string(),
      name: z.string(),
    }),
  ),
) {}

export class StateChangeDto extends createZodDto(stdOut(z.array(z.object(change)))) {}

export class DeleteAnswerDto extends createZodDto(
  stdOut(z.object({ newname: z.string(), ...change })),
) {}

const lastError = z.object({ code: z.string(), message: z.string() }).nullable();

const node = z.object({
  id: z.string(),
  name: z.string(),
  server_name: z.string(),
  size: z.string().describe('As it was asked for'),
  fallback_sizes: z.array(z.string()),
  server_size: z.string().nullable().describe('The size that the server has'),
  packages: z.array(z.string()),
  installed_packages: z.array(z.string()),
  phase: z.string(),
  desired: z.string(),
  progress: z.number().int().describe('Percent of the way to ready'),
  state: z.string().describe('As the cloud showed it last'),
  server_id: z.string().nullable(),
  public_ip: z.string().nullable(),
  private_ip: z.string().nullable(),
  image: z.string().nullable(),
  zone: z.string().nullable(),
  cluster_role: z.string().nullable(),
  attempts: z.number().int(),
  last_error: lastError,
  created_at: z.string(),
  ready_at: z.string().nullable(),
});

const summary = {
  id: z.string(),
  name: z.string(),
  application: z.string(),
  provider: z.string(),
  account: z.string(),
  region: z.string(),
  phase: z.string(),
  desired: z.string(),
  ready: z.boolean(),
  repair: z.boolean().describe('Whether what happens to its servers is repaired'),
  integrations: z.array(z.string()),
  last_error: lastError,
  created_at: z.string(),
  ready_at: z.string().nullable(),
  deleted_at: z.string().nullable(),
};

export class EnvironmentSummaryDto extends createZodDto(
  z.object({ ...summary, nodes: z.array(z.string()).describe('Names of its nodes') }),
) {}

export class EnvironmentDto extends createZodDto(z.object({ ...summary, nodes: z.array(node) })) {}

export class EventDto extends createZodDto(
  z.object({
    id: z.string(),
    type: z.enum(['phase', 'progress', 'error', 'drift', 'environment']),
    node: z.string().nullable(),
    phase: z.string().nullable(),
    code: z.string().nullable(),
    message: z.string(),
    at: z.string(),
  }),
) {}

export class OutputDto extends createZodDto(
  z.object({ package: z.string(), text: z.string(), at: z.string() }),
) {}

export class DockerBundleDto extends createZodDto(
  z.object({
    ca: z.string(),
    cert: z.string(),
    key: z.string(),
    expires_at: z.string(),
    nodes: z.array(z.object({ name: z.string(), host: z.string(), port: z.number().int() })),
    swarm: z.object({
      url: z.string(),
      config: z.object({ HttpHeaders: z.record(z.string(), z.string()) }),
    }),
    commands: z.array(z.string()).describe('For a shell, beside the three files'),
  }),
) {}
