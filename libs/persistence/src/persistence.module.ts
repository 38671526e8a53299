import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { IDEMPOTENCY_STORE, LOGGER, READINESS, type Readiness } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Housekeeping } from './housekeeping.ts';
import type { ServiceSchema } from './schema/service-schema.ts';
import { Database, type DatabaseOptions } from './unit/database.ts';
import { PostgresIdempotencyStore } from './unit/idempotency-store.ts';

/**
 * Gives a service its {@link Database} and its store of idempotency keys, makes readiness depend on the database, forgets what is past
 * its time, and closes the connections when the service stops.
 */
@Global()
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(READINESS) readiness: Readiness,
  ) {
    readiness.register('postgres', () => database.ping());
  }

  /** The module of a service; booting fails when the database does not answer. */
  static forService(schema: ServiceSchema, options: DatabaseOptions): DynamicModule {
    return {
      module: PersistenceModule,
      providers: [
        { provide: Database, useFactory: () => Database.connect(schema, options) },
        {
          provide: PostgresIdempotencyStore,
          inject: [Database],
          useFactory: (database: Database) => new PostgresIdempotencyStore(database),
        },
        { provide: IDEMPOTENCY_STORE, useExisting: PostgresIdempotencyStore },
        {
          provide: Housekeeping,
          inject: [Database, PostgresIdempotencyStore, LOGGER],
          useFactory: (database: Database, keys: PostgresIdempotencyStore, logger: Logger) =>
            new Housekeeping(database, keys, logger),
        },
      ],
      exports: [Database, IDEMPOTENCY_STORE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
