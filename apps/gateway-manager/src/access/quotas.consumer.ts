import { Inject, Injectable } from '@nestjs/common';
import { quotaMetered, type QuotaMetered } from '@tollgate/contracts/events';
import { OnBatch, type ReceivedEvent } from '@tollgate/messaging';
import { Database } from '@tollgate/persistence';
import { PortalProjection } from './portal-projection.ts';
import { type MeteredQuota, QuotaMetersRepository } from './quota-meters.repository.ts';

/**
 * Turns what analytics metered into leases: many subscriptions at once, so that each group's access state moves once. What comes again
 * is not newer than what is held, and changes nothing.
 */
@Injectable()
export class QuotasConsumer {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(QuotaMetersRepository) private readonly meters: QuotaMetersRepository,
    @Inject(PortalProjection) private readonly projection: PortalProjection,
  ) {}

  @OnBatch(quotaMetered, { consumer: 'quotas', maxBatch: 500, maxWaitMs: 20 })
  async take(events: readonly ReceivedEvent<QuotaMetered>[]): Promise<void> {
    for (const [tenantId, metered] of newestByTenant(events)) {
      const dataPlanes = await this.database.inSystem('quota-leases', (unit) =>
        this.meters.countDataPlanes(unit, tenantId),
      );
      await this.database.inTenant(tenantId, (unit) => this.projection.putQuotas(unit, metered, dataPlanes));
    }
  }
}

/** The last word on each subscription, by tenant. */
function newestByTenant(events: readonly ReceivedEvent<QuotaMetered>[]): Map<string, MeteredQuota[]> {
  const newest = new Map<string, Map<string, MeteredQuota>>();
  for (const { tenantId, aggregateVersion = 0, data, envelope } of events) {
    if (tenantId === null) throw new Error(`${envelope.type} names no tenant`);
    const ofTenant = newest.get(tenantId) ?? new Map<string, MeteredQuota>();
    newest.set(tenantId, ofTenant);
    const known = ofTenant.get(data.subscriptionId);
    if (known === undefined || known.version < aggregateVersion) {
      ofTenant.set(data.subscriptionId, { ...data, version: aggregateVersion });
    }
  }
  return new Map([...newest].map(([tenantId, metered]) => [tenantId, [...metered.values()]]));
}
