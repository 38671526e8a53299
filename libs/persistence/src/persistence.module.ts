import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { IDEMPOTENCY_STORE } from '@tollgate/platform';
import type { ServiceSchema } from './schema/service-schema.ts';
import { Database, type DatabaseOptions } from './unit/database.ts';
import { PostgresIdempotencyStore } from './unit/idempotency-store.ts';

/** What {@link PersistenceModule} needs to know. */
export type PersistenceOptions = DatabaseOptions;

/** Gives a service its {@link Database} and its store of idempotency keys, and closes the connections when the service stops. */
@Global()
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The module of a service; booting fails when the database does not answer. */
  static forService(schema: ServiceSchema, options: PersistenceOptions): DynamicModule {
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
      ],
      exports: [Database, PostgresIdempotencyStore, IDEMPOTENCY_STORE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
