import { z } from 'zod';
import { idSchema } from '../ids/index.ts';

const count = z.number().int().nonnegative();

/** Body of `POST /link/v1/heartbeats`: what is in force, and how the instance is. */
export const heartbeat = z.strictObject({
  version: z.string().min(1).max(64),
  hostname: z.string().min(1).max(253),
  startedAt: z.iso.datetime(),
  draining: z.boolean(),
  /** What is in force, per group; a repetition of the acknowledgements. */
  groups: z.array(z.strictObject({ groupId: idSchema('grp'), revision: count, access: count })).max(10_000),
  load: z.strictObject({
    /** Share of one core over the last interval: 1 is one core busy all the time. */
    cpu: z.number().nonnegative(),
    memoryBytes: count,
    /** Calls answered since the process started. */
    calls: count,
    // Data planes of earlier releases do not send what follows.
    /** Cores that the process may use. */
    cores: z.number().int().positive().max(65_536).optional(),
    /** Over the last interval. */
    callsPerSecond: z.number().nonnegative().max(1e9).optional(),
    /** Client connections that are open. */
    connections: count.optional(),
    /** How long what is due on the busiest worker waits for its turn, 99th percentile of about ten seconds, milliseconds. */
    eventLoopDelayP99Ms: z.number().nonnegative().max(86_400_000).optional(),
  }),
  usage: z.strictObject({
    /** Rows counted and not yet accepted by the control plane. */
    pendingRows: count,
    walBytes: count,
  }),
  /** Telemetry entries thrown away since the process started. */
  telemetryDropped: count,
  /** Milliseconds to add to the local clock to get the control plane's, as last measured. */
  clockOffsetMs: z.number().int(),
  /** The latest faults of configuration or link, newest first. */
  errors: z.array(z.string().max(500)).max(10),
});
export type Heartbeat = z.infer<typeof heartbeat>;

/** The answer to a heartbeat. The clock offset is `serverTime` minus the middle of sending and receiving. */
export const heartbeatResponse = z.object({
  /** Milliseconds since the epoch. */
  serverTime: count,
  /** When the next one is due, milliseconds from now; the data plane adds jitter. */
  nextInMs: z.number().int().positive(),
});
export type HeartbeatResponse = z.infer<typeof heartbeatResponse>;
