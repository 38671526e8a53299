import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import {
  listPlanVersionSnapshots,
  listSubscriptionSnapshots,
  type SubscriptionSnapshot,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { QuotasRepository } from './quotas.repository.ts';

const liveStates: readonly SubscriptionSnapshot['state'][] = ['pending', 'approved', 'suspended'];

/** Quotas of plans, and which subscriptions have one. What follows from what is put right is told, like all news. */
@AsProjection('quotas')
@Injectable()
export class QuotasProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(QuotasRepository) private readonly quotas: QuotasRepository,
  ) {}

  /** A subscription that was known before the portal was asked, and is not among its answers, was deleted. */
  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { client, quotas } = this;
    const result = { checked: 0, drift: 0 };
    const take = async (save: (unit: UnitOfWork) => Promise<boolean>) => {
      result.checked += 1;
      if (await this.database.inTenant(tenantId, save)) result.drift += 1;
    };
    const plans = everyPage((query) => client.call(listPlanVersionSnapshots, { tenantId, query }));
    for await (const { planVersionId, quota } of plans) {
      const plan = { tenantId, planVersionId };
      await take((unit) =>
        quota === null ? quotas.dropPlan(unit, plan) : quotas.savePlan(unit, { ...plan, ...quota }),
      );
    }
    const gone = await this.database.inTenant(tenantId, (unit) => quotas.findLive(unit));
    const subscriptions = everyPage((query) => client.call(listSubscriptionSnapshots, { tenantId, query }));
    for await (const { subscriptionId, planVersionId, state, version: aggregateVersion } of subscriptions) {
      gone.delete(subscriptionId);
      const isLive = liveStates.includes(state);
      const subscription = { tenantId, subscriptionId, planVersionId, isLive, aggregateVersion };
      await take((unit) => quotas.saveSubscription(unit, subscription));
    }
    for (const known of gone.values()) {
      await take((unit) => quotas.saveSubscription(unit, { ...known, isLive: false }));
    }
    return result;
  }
}
