import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type {
  getMySubscriptionQuota,
  getSubscriptionQuota,
  PlanTerms,
  Subscription,
  SubscriptionQuota,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { PlansRepository } from '../plans/plans.repository.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { type MeteredQuota, QuotasRepository } from './quotas.repository.ts';

/** Quotas as admins and developers see them. */
@Injectable()
export class QuotasService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(QuotasRepository) private readonly quotas: QuotasRepository,
  ) {}

  get(call: EndpointCall<typeof getSubscriptionQuota>): Promise<SubscriptionQuota> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      this.#describe(unit, await this.subscriptions.get(unit, call.params.subscriptionId)),
    );
  }

  getMine(call: EndpointCall<typeof getMySubscriptionQuota>): Promise<SubscriptionQuota> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      return this.#describe(unit, await this.subscriptions.get(unit, call.params.subscriptionId, developerId));
    });
  }

  async #describe(unit: UnitOfWork, { id, planVersionId }: Subscription): Promise<SubscriptionQuota> {
    const { quota } = await this.plans.getVersion(unit, planVersionId);
    return describeQuota(quota, await this.quotas.find(unit, id), new Date());
  }
}

/** What was metered for days says nothing of months; when its period is over nothing is known to be used in the present one. */
export function describeQuota(quota: PlanTerms['quota'], metered: MeteredQuota | null, now: Date): SubscriptionQuota {
  if (quota === null) {
    return { quota, used: null, remaining: null, periodStart: null, periodEnd: null, countedAt: null };
  }
  if (metered?.period !== quota.period || new Date(metered.periodEnd) <= now) {
    return { quota, used: 0, remaining: quota.calls, periodStart: null, periodEnd: null, countedAt: null };
  }
  const { used, periodStart, periodEnd, countedAt } = metered;
  return { quota, used, remaining: Math.max(0, quota.calls - used), periodStart, periodEnd, countedAt };
}
