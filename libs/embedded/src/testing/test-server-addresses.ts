import type {} from 'vitest';

/** Where the servers of a test run are reached. */
export interface TestServerAddresses {
  /** Administrator URL of PostgreSQL. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Empty when Kafka is skipped. */
  readonly kafkaBrokers: string;
}

declare module 'vitest' {
  /** What `inject` gives an integration test, after the global set-up of `vitest-servers.ts`. */
  interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
    kafkaBrokers: string;
  }
}
