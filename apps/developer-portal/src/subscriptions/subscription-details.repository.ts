import { Injectable } from '@nestjs/common';
import type { MySubscription, PlanTerms } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';

/** What a subscription refers to, by name, and the terms of its own plan version. */
export type SubscriptionDetails = Pick<
  MySubscription,
  'productName' | 'planName' | 'applicationName' | 'requestedPlanName'
> & { terms: PlanTerms };

type DetailsRow = Omit<SubscriptionDetails, 'terms'> & PlanTerms & { id: string };

@Injectable()
export class SubscriptionDetailsRepository {
  /** By subscription. Whatever a subscription refers to is there as long as it is. */
  async findOf({ manager }: UnitOfWork, ids: readonly string[]): Promise<Map<string, SubscriptionDetails>> {
    if (ids.length === 0) return new Map();
    const rows = await manager.query<DetailsRow[]>(
      `select s.id, p.name as "productName", l.name as "planName", a.name as "applicationName",
         (select wanted.name from plan_versions w join plans wanted on wanted.id = w.plan_id
          where w.id = s.requested_plan_version_id) as "requestedPlanName",
         v.call_limit as "limit", v.call_quota as quota, v.approval
       from subscriptions s
       join applications a on a.id = s.application_id
       join api_products p on p.id = s.product_id
       join plan_versions v on v.id = s.plan_version_id
       join plans l on l.id = v.plan_id
       where s.id = any($1)`,
      [ids],
    );
    return new Map(
      rows.map(({ id, limit, quota, approval, ...names }) => [id, { ...names, terms: { limit, quota, approval } }]),
    );
  }
}
