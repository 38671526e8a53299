import { z } from 'zod';

/** What a worker process is told through its environment, as JSON in `CHAOS_WORKER`. */
export const workerSettings = z.object({
  databaseUrl: z.string(),
  redisUrl: z.string(),
  /** Absent: the bus is Redis Streams. */
  kafkaBrokers: z.string().optional(),
  tenantId: z.string(),
});
export type WorkerSettings = z.infer<typeof workerSettings>;

/** Messages from the scenario to a worker. */
export const workerCommand = z.enum(['stop-producing', 'close']);
export type WorkerCommand = z.infer<typeof workerCommand>;
