import { z } from 'zod';

const chance = {
  /** Of each matching call, 0 to 1. */
  probability: z.number().min(0).max(1).optional(),
  /** Of the next matching calls, this many. */
  count: z.number().int().min(0).optional(),
};

/** What tests make the sandbox do wrong; every part may be left out. */
export const knobsSchema = z.strictObject({
  /** Added before each call is handled. */
  latencyMs: z.strictObject({ min: z.number().min(0), max: z.number().min(0) }).optional(),
  /** EC2's token buckets, times `scale`. */
  throttling: z
    .strictObject({ enabled: z.boolean(), scale: z.number().positive().default(1) })
    .optional(),
  errors: z
    .array(
      z.strictObject({
        action: z.string().describe('An action, or * for all'),
        code: z.string(),
        status: z.number().int().min(400).max(599).optional(),
        message: z.string().optional(),
        /** Only for RunInstances: it succeeds, and the instances end with this as StateReason. */
        asynchronous: z.boolean().optional(),
        ...chance,
      }),
    )
    .default([]),
  /** Describe calls and terminations do not know an instance until this long after its launch. */
  visibilityDelayMs: z.number().min(0).default(0),
  /** The work is done, then the connection is cut instead of an answer. */
  lostReplies: z
    .array(z.strictObject({ action: z.string().describe('An action, or * for all'), ...chance }))
    .default([]),
  /** New instances are records without a container. */
  virtual: z.boolean().default(false),
  /** Between the request and `running`, on top of the boot itself. */
  bootDelayMs: z.number().min(0).default(0),
  /** Per account and region. */
  quota: z
    .strictObject({
      vcpus: z.number().int().min(0).optional(),
      instances: z.number().int().min(0).optional(),
    })
    .optional(),
  /** Chances and latencies repeat with the same seed. */
  seed: z.number().int().default(1),
});

export type Knobs = z.infer<typeof knobsSchema>;
export type ErrorKnob = Knobs['errors'][number];
