import { z } from 'zod';

/** One sampled, masked observation; may be lost on the way, losses are counted. */
export const telemetryEntry = z.strictObject({
  kind: z.enum(['access-log', 'health', 'debug']),
  at: z.iso.datetime(),
  groupId: z.string().max(64).optional(),
  fields: z.record(z.string().max(64), z.union([z.string().max(2000), z.number(), z.boolean(), z.null()])),
});
export type TelemetryEntry = z.infer<typeof telemetryEntry>;

/** Body of `POST /link/v1/telemetry`; the answer is 202 whether or not there was room. */
export const telemetryBatch = z.strictObject({
  /** Entries that the data plane dropped since its last batch. */
  dropped: z.number().int().nonnegative(),
  entries: z.array(telemetryEntry).max(500),
});
export type TelemetryBatch = z.infer<typeof telemetryBatch>;
