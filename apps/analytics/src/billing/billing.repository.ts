import { Injectable } from '@nestjs/common';
import type { PriceTerms } from '@tollgate/contracts/rest/analytics';
import type { UnitOfWork } from '@tollgate/persistence';
import type { BillingPeriod } from './billing-period.ts';

/** Billable calls of one consumer under one plan version and one price, both as they were in force. */
export interface BillableUsage {
  /** Empty for anonymous calls. */
  readonly consumer: string;
  readonly planVersionId: string | null;
  readonly price: { readonly id: string; readonly currency: string; readonly terms: PriceTerms } | null;
  readonly billable: bigint;
}

interface BillableUsageRow {
  consumer: string;
  plan_version_id: string | null;
  price_id: string | null;
  currency: string;
  terms: PriceTerms;
  billable: string;
}

/**
 * A subscription's first plan version also holds for minutes before it: data planes and services read different clocks, and there was no
 * other plan that these calls could belong to.
 */
const billableUsageSql = `
  with plans as (
    select subscription_id, plan_version_id,
      case when lag(effective_from) over history is null then '-infinity' else effective_from end as in_force_from,
      coalesce(lead(effective_from) over history, 'infinity') as in_force_to
    from subscription_plans
    where tenant_id = $1
    window history as (partition by subscription_id order by effective_from)
  ), priced as (
    select id, plan_version_id, currency, terms, effective_from as in_force_from,
      coalesce(lead(effective_from) over (partition by plan_version_id order by effective_from), 'infinity') as in_force_to
    from prices
    where tenant_id = $1
  )
  select used.consumer, plans.plan_version_id, priced.id as price_id, priced.currency, priced.terms, sum(used.billable) as billable
  from billable_minutes as used
  left join plans on plans.subscription_id = used.consumer
    and used.start >= plans.in_force_from and used.start < plans.in_force_to
  left join priced on priced.plan_version_id = plans.plan_version_id
    and used.start >= priced.in_force_from and used.start < priced.in_force_to
  where used.tenant_id = $1 and used.start >= $2 and used.start < $3
  group by used.consumer, plans.plan_version_id, priced.id, priced.currency, priced.terms
  order by used.consumer, min(used.start), priced.id
  limit $4`;

@Injectable()
export class BillingRepository {
  /** In the order in which the prices were in force, for each consumer. */
  async listBillableUsage(
    { manager }: UnitOfWork,
    tenantId: string,
    { from, to }: BillingPeriod,
    limit: number,
  ): Promise<BillableUsage[]> {
    const rows = await manager.query<BillableUsageRow[]>(billableUsageSql, [tenantId, from, to, limit]);
    return rows.map((row) => ({
      consumer: row.consumer,
      planVersionId: row.plan_version_id,
      price: row.price_id === null ? null : { id: row.price_id, currency: row.currency, terms: row.terms },
      billable: BigInt(row.billable),
    }));
  }

  /** The tenant's billing zone, UTC until it is known. */
  async getZone({ manager }: UnitOfWork, tenantId: string): Promise<string> {
    const [row] = await manager.query<{ zone: string }[]>('select zone from billing_zones where tenant_id = $1', [
      tenantId,
    ]);
    return row?.zone ?? 'UTC';
  }
}
