import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** What `standalone` itself needs; each service reads the rest of the environment with its own schema. */
export const standaloneConfig = z.object({
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address that the services listen on.' }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .meta({ description: 'Administrator’s PostgreSQL address; the migrate step needs it.' }),
  TOLLGATE_MASTER_KEY: z.string().min(32).meta({ description: 'Root of every derived key, at least 32 characters.' }),
  TOLLGATE_DATA_DIR: z
    .string()
    .default('.tollgate')
    .meta({ description: 'Folder for what must outlive a restart outside the database.' }),
  TOLLGATE_DEMO: z.stringbool().default(false).meta({
    description: 'Create an operator, the shared pool and a demo tenant at the first start. `npm start` sets it.',
  }),
  GATEWAY_HTTP_PORT: port
    .default(9080)
    .meta({ description: 'Port of the gateway beside it, for the demo’s command line.' }),
});

export type StandaloneConfig = z.output<typeof standaloneConfig>;

/** The environment of this process. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
