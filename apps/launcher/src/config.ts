import { z } from 'zod';

const environment = z.object({
  TOLLGATE_DATA_DIR: z.string().min(1).default('.tollgate').describe('Folder for all data of the embedded form.'),
  DATABASE_URL: z.url().optional().describe('Administrator URL of a PostgreSQL to use instead of the embedded one.'),
  REDIS_URL: z.url().optional().describe('URL of a Redis to use instead of the embedded one.'),
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .optional()
    .describe('Broker list; when set, Kafka carries the events instead of Redis Streams.'),
  TOLLGATE_MASTER_KEY: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Root of every derived key; made on first start and kept below the data folder when unset. Losing it loses all secrets.',
    ),
  TOLLGATE_DEMO: z
    .stringbool()
    .default(true)
    .describe('Make a demo tenant at the first start, and run its back end at every start.'),
  npm_lifecycle_event: z.string().optional().describe('Set by npm when it runs this process as a script.'),
});

/** The environment of the launcher. */
export interface LauncherConfig extends z.infer<typeof environment> {
  /** The whole environment, for the processes that the launcher starts. */
  readonly inherited: NodeJS.ProcessEnv;
}

/** Reads the environment, where empty means unset; throws one line per variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): LauncherConfig {
  const result = environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (!result.success)
    throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  return { ...result.data, inherited: env };
}
