import { z } from 'zod';

/** What `standalone` itself needs; each service reads the rest of the environment with its own schema. */
export const standaloneConfig = z.object({
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address that the services listen on.' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ description: 'Administrator’s PostgreSQL address; the migrate step needs it.' }),
  TOLLGATE_MASTER_KEY: z.string().min(32).meta({ description: 'Root of every derived key, at least 32 characters.' }),
});

export type StandaloneConfig = z.output<typeof standaloneConfig>;
