import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

/** Environment that every control-plane service reads. Apps extend it in their own `src/config.ts`. */
export const platformConfig = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'])
    .default('production')
    .meta({ description: 'Only `test` changes behaviour: quieter logs.' }),
  HOST: z.string().default('127.0.0.1').meta({ description: 'Address to listen on. Containers set 0.0.0.0.' }),
  PORT: port
    .optional()
    .meta({ description: 'Internal port. Default: the service’s own (7101–7106); 0 takes a free one.' }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .meta({ description: 'Least severe level that is logged.' }),
  TOLLGATE_DATA_DIR: z
    .string()
    .default('.tollgate')
    .meta({ description: 'Folder for what must outlive a restart outside the database.' }),
  TOLLGATE_MASTER_KEY: z.string().min(32).meta({
    description: 'Root of every derived key, at least 32 characters. Losing it makes sealed secrets unreadable.',
  }),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .meta({
      description: 'Administrator’s PostgreSQL address; the migrate step and the derivation of runtime roles use it.',
    }),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).meta({
    description: 'Redis or Valkey: sessions, revocations, heartbeats, rate limits and, without Kafka, the event bus.',
  }),
  KAFKA_BROKERS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean),
    )
    .optional()
    .meta({ description: 'Comma-separated host:port list. When set, Kafka is the event bus; else Redis Streams.' }),
  KAFKA_SSL: z.stringbool().default(false).meta({ description: 'Connect to Kafka over TLS.' }),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .meta({ description: 'SASL mechanism for Kafka.' }),
  KAFKA_SASL_USERNAME: z.string().optional().meta({ description: 'SASL user for Kafka.' }),
  KAFKA_SASL_PASSWORD: z.string().optional().meta({ description: 'SASL password for Kafka.' }),
  IAM_URL: z.url().default('http://127.0.0.1:7101').meta({ description: 'Where iam answers inside the installation.' }),
  GATEWAY_MANAGER_URL: z
    .url()
    .default('http://127.0.0.1:7102')
    .meta({ description: 'Where gateway-manager answers inside the installation.' }),
  POLICY_MANAGER_URL: z
    .url()
    .default('http://127.0.0.1:7103')
    .meta({ description: 'Where policy-manager answers inside the installation.' }),
  DEVELOPER_PORTAL_URL: z
    .url()
    .default('http://127.0.0.1:7104')
    .meta({ description: 'Where developer-portal answers inside the installation.' }),
  ANALYTICS_URL: z
    .url()
    .default('http://127.0.0.1:7105')
    .meta({ description: 'Where analytics answers inside the installation.' }),
  PUBLIC_CONSOLE_URL: z
    .url()
    .default('http://localhost:8080')
    .meta({ description: 'Address of the console as people type it.' }),
  PUBLIC_PORTAL_URL: z
    .url()
    .default('http://localhost:8081')
    .meta({ description: 'Address of the developer portal as people type it.' }),
  PUBLIC_LINK_URL: z
    .url()
    .default('https://localhost:8443')
    .meta({ description: 'Address that data planes phone home to.' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .meta({ description: 'OpenTelemetry collector. Unset: traces are propagated but exported nowhere.' }),
  TRUSTED_PROXIES: z
    .string()
    .default('loopback')
    .meta({ description: 'Peers whose X-Forwarded-For is believed: comma-separated addresses, CIDRs or `loopback`.' }),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(3000)
    .meta({ description: 'API requests a principal, and three times that a tenant, may make in a minute.' }),
  RATE_LIMIT_SENSITIVE_PER_MINUTE: z.coerce
    .number()
    .int()
    .positive()
    .default(30)
    .meta({ description: 'Log-ins, sign-ups and enrolments an address may try in a minute.' }),
});

export type PlatformConfig = z.output<typeof platformConfig>;

/** Refusal to start, naming every variable that is wrong. Never holds a value, as values may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and validates the environment.
 * @throws ConfigError naming every missing or wrong variable.
 */
export function loadConfig<S extends z.ZodObject>(schema: S, env: Record<string, string | undefined>): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not right:\n${lines.join('\n')}`);
}
