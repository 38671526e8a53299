import type { DynamicModule } from '@nestjs/common';
import { busAddress, MessagingModule, OnBatch, OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import { Database, PersistenceModule, type UnitOfWork } from '@tollgate/persistence';
import { bootService, loadConfig, platformConfig, type RunningService } from '@tollgate/platform';
import { ledgerSchema, seriesAdvanced, tallyReported, type Numbered } from './ledger-schema.ts';
import type { WorkerSettings } from './worker-settings.ts';

/** Writes down every event that takes effect. */
class LedgerHandlers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async onAdvanced({ data }: ReceivedEvent<Numbered>, unit: UnitOfWork): Promise<void> {
    await unit.manager.query('insert into applied (tenant_id, key, number) values ($1, $2, $3)', [
      unit.tenantId,
      data.key,
      data.number,
    ]);
  }

  async onTallies(events: readonly ReceivedEvent<Numbered>[]): Promise<void> {
    const [first] = events;
    await this.#database.inTenant(first?.tenantId ?? '', async ({ manager, tenantId }) => {
      for (const { data } of events) {
        await manager.query('insert into counted (tenant_id, key, number) values ($1, $2, $3) on conflict do nothing', [
          tenantId,
          data.key,
          data.number,
        ]);
      }
    });
  }
}

/* This code runs with its types stripped, not compiled, and Node strips no decorators: they are applied by hand. */
const methodOf = <K extends 'onAdvanced' | 'onTallies'>(name: K): TypedPropertyDescriptor<LedgerHandlers[K]> => ({
  value: LedgerHandlers.prototype[name],
});
OnEvent(seriesAdvanced, { consumer: 'chaos-applied' })(LedgerHandlers.prototype, 'onAdvanced', methodOf('onAdvanced'));
OnBatch(tallyReported, { consumer: 'chaos-counted', maxBatch: 100, maxWaitMs: 20 })(
  LedgerHandlers.prototype,
  'onTallies',
  methodOf('onTallies'),
);

/** Boots the service under test as any service of the platform boots. */
export async function bootLedgerService(settings: WorkerSettings): Promise<RunningService> {
  const config = loadConfig(platformConfig, {
    PORT: '0',
    LOG_LEVEL: 'warn',
    TOLLGATE_MASTER_KEY: 'x'.repeat(32),
    REDIS_URL: settings.redisUrl,
    KAFKA_BROKERS: settings.kafkaBrokers,
  });
  const root: DynamicModule = {
    module: class LedgerRoot {},
    imports: [
      PersistenceModule.forService(ledgerSchema, { databaseUrl: settings.databaseUrl }),
      MessagingModule.forService({ service: 'analytics', ...busAddress(config) }),
    ],
    providers: [
      { provide: LedgerHandlers, inject: [Database], useFactory: (database: Database) => new LedgerHandlers(database) },
    ],
  };
  return bootService({ service: 'analytics', loadConfig: () => config, module: () => root }, config);
}
