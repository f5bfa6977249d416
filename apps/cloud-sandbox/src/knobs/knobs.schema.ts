import { z } from 'zod';

const cloud = z.enum(['ec2', 'digital_ocean']);

/** Whom a knob is for: everybody where both are left out. */
const whom = { cloud: cloud.optional(), account: z.string().optional() };

const chance = {
  /** Of each matching call, 0 to 1. */
  probability: z.number().min(0).max(1).optional(),
  /** Of the next matching calls, this many. */
  count: z.number().int().min(0).optional(),
};

const action = z
  .string()
  .describe('An action of EC2, one of DigitalOcean such as droplets.create, or * for all');

/** What tests make the sandbox do wrong, at both clouds; every part may be left out. */
export const knobsSchema = z.strictObject({
  /** Added before each call is handled. */
  latencyMs: z.strictObject({ min: z.number().min(0), max: z.number().min(0), ...whom }).optional(),
  /** EC2's token buckets and DigitalOcean's limits by hour and minute, times `scale`. */
  throttling: z
    .strictObject({ enabled: z.boolean(), scale: z.number().positive().default(1), ...whom })
    .optional(),
  errors: z
    .array(
      z.strictObject({
        action,
        /** EC2's code, or what DigitalOcean calls the error's id. */
        code: z.string(),
        status: z.number().int().min(400).max(599).optional(),
        message: z.string().optional(),
        /**
         * The call succeeds, and what it began fails: instances of RunInstances end with this as
         * StateReason, the action of droplets.create or droplets.action ends errored, a firewall of
         * firewalls.create fails.
         */
        asynchronous: z.boolean().optional(),
        ...whom,
        ...chance,
      }),
    )
    .default([]),
  /** No call knows an instance or a droplet until this long after its launch. */
  visibilityDelayMs: z.number().min(0).default(0),
  /** The work is done, then the connection is cut instead of an answer. */
  lostReplies: z.array(z.strictObject({ action, ...whom, ...chance })).default([]),
  /** No capacity for what is launched: an empty entry means anything, anywhere. */
  exhausted: z
    .array(
      z.strictObject({
        size: z.string().optional(),
        zone: z.string().optional(),
        region: z.string().optional(),
        /** The launch is accepted, and the machine never comes to be. */
        asynchronous: z.boolean().optional(),
        ...whom,
      }),
    )
    .default([]),
  /** New instances are records without a container. */
  virtual: z.boolean().default(false),
  /** Between the request and `running`, on top of the boot itself. */
  bootDelayMs: z.number().min(0).default(0),
  /** EC2: root volumes outlive their instances, as with DeleteOnTermination=false. */
  keepVolumes: z.boolean().default(false),
  /** DigitalOcean: tags of a create are on the droplet this long after it. */
  tagDelayMs: z.number().min(0).default(200),
  /** DigitalOcean: how long a firewall's change is `waiting`. */
  firewallDelayMs: z.number().min(0).default(300),
  /** DigitalOcean: a `shutdown` does nothing, and its action ends errored after `afterMs`. */
  shutdownIgnored: z.strictObject({ afterMs: z.number().min(0).default(2000), ...whom }).optional(),
  /** Per account, and at EC2 per region; DigitalOcean counts droplets only. */
  quota: z
    .strictObject({
      vcpus: z.number().int().min(0).optional(),
      instances: z.number().int().min(0).optional(),
      ...whom,
    })
    .optional(),
  /** Chances and latencies repeat with the same seed. */
  seed: z.number().int().default(1),
});

export type Cloud = z.infer<typeof cloud>;
export type Knobs = z.infer<typeof knobsSchema>;
export type ErrorKnob = Knobs['errors'][number];
export type ExhaustedKnob = Knobs['exhausted'][number];
