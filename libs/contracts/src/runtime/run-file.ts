import { z } from 'zod';
import { urlsByPart } from './ready.ts';

/** One process of a running platform. */
export const runningProcess = z.object({
  pid: z.int().positive(),
  urls: urlsByPart.describe('Where it listens, by part.'),
});

/** See {@link runningProcess}. */
export type RunningProcess = z.infer<typeof runningProcess>;

/**
 * `run.json` of the data folder: what runs now and where. It holds the passwords of the embedded servers, so only its
 * owner may read it. It is replaced as a whole whenever a process starts again and removed at the end.
 */
export const runFile = z.object({
  launcherPid: z.int().positive(),
  startedAt: z.iso.datetime(),
  databaseUrl: z.url().describe('Administrator URL of PostgreSQL.'),
  redisUrl: z.url(),
  kafkaBrokers: z.string().optional().describe('Set when Kafka carries the events instead of Redis Streams.'),
  processes: z
    .record(z.string(), runningProcess)
    .describe('By name: postgres, redis, bookshop (the demo’s back end), standalone, gateway.'),
});

/** See {@link runFile}. */
export type RunFile = z.infer<typeof runFile>;
