import { defineServiceSchema } from '@tollgate/persistence';
import { Usage1760000001000 } from './migrations/1760000001000-usage.ts';
import { Money1760000002000 } from './migrations/1760000002000-money.ts';
import { PriceEntity } from './prices/price.entity.ts';

const bulk = 'one batch holds the counters of many tenants, and retention is the same for all';

/** This service's part of the database. */
export const analyticsSchema = defineServiceSchema({
  service: 'analytics',
  entities: [PriceEntity],
  migrations: [Usage1760000001000, Money1760000002000],
  systemPurposes: {
    'ingest-usage': 'adds batches of shared data planes to the counters of many tenants at once',
    'expire-usage': 'deletes counters past their retention for all tenants',
  },
  systemTables: {
    usage_minutes: bulk,
    usage_hours: bulk,
    usage_days: bulk,
    billable_minutes: bulk,
    usage_streams: 'belongs to data planes, which may serve many tenants',
    usage_anomalies: 'belongs to data planes, which may serve many tenants',
  },
  globalTables: {
    usage_streams: 'belongs to data planes, which may serve many tenants',
    usage_anomalies: 'belongs to data planes, which may serve many tenants; for operators',
  },
});
