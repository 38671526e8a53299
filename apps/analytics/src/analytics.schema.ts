import { defineServiceSchema } from '@tollgate/persistence';
import { Usage1760000001000 } from './migrations/1760000001000-usage.ts';
import { Money1760000002000 } from './migrations/1760000002000-money.ts';
import { RouteLabels1760000003000 } from './migrations/1760000003000-route-labels.ts';
import { ZoneVersions1760000004000 } from './migrations/1760000004000-zone-versions.ts';
import { Quotas1760000005000 } from './migrations/1760000005000-quotas.ts';
import { UsageByConsumer1760000006000 } from './migrations/1760000006000-usage-by-consumer.ts';
import { TriedCalls1760000007000 } from './migrations/1760000007000-tried-calls.ts';
import { PriceEntity } from './prices/price.entity.ts';
import { QuotaSubscriptionEntity } from './quotas/quota-subscription.entity.ts';

const bulk = 'one batch holds the counters of many tenants, and retention is the same for all';

const metered = 'one batch holds calls of many tenants, whose quotas are metered with it';

/** This service's part of the database. */
export const analyticsSchema = defineServiceSchema({
  service: 'analytics',
  entities: [PriceEntity, QuotaSubscriptionEntity],
  audited: [PriceEntity],
  migrations: [
    Usage1760000001000,
    Money1760000002000,
    RouteLabels1760000003000,
    ZoneVersions1760000004000,
    Quotas1760000005000,
    UsageByConsumer1760000006000,
    TriedCalls1760000007000,
  ],
  systemPurposes: {
    'ingest-usage': 'adds batches of shared data planes to the counters of many tenants at once',
    'copy-route-labels': 'finds the gateway groups of all tenants whose route names are outdated',
    'tell-quotas': 'tells what quotas of all tenants have used, many at once',
    'expire-usage': 'deletes counters past their retention for all tenants',
  },
  systemTables: {
    usage_minutes: bulk,
    usage_hours: bulk,
    usage_days: bulk,
    billable_minutes: bulk,
    quota_plans: metered,
    quota_subscriptions: metered,
    quota_meters: metered,
    quota_streams: metered,
    billing_zones: metered,
    route_copies: 'says for which tenants there is something to copy',
    usage_streams: 'belongs to data planes, which may serve many tenants',
    usage_anomalies: 'belongs to data planes, which may serve many tenants',
  },
  globalTables: {
    usage_streams: 'belongs to data planes, which may serve many tenants',
    usage_anomalies: 'belongs to data planes, which may serve many tenants; for operators',
  },
});
