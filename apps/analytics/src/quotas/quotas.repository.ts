import { Injectable } from '@nestjs/common';
import type { QuotaPeriod } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';

/** A subscription as its events tell it. */
export interface QuotaSubscription {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly planVersionId: string;
  /** Whether its calls are metered: false once it has ended. */
  readonly isLive: boolean;
  readonly aggregateVersion: number;
}

/** The quota of a plan version. */
export interface PlanQuota {
  readonly tenantId: string;
  readonly planVersionId: string;
  readonly calls: number;
  readonly period: QuotaPeriod;
}

/** What the portal told of plans and subscriptions; changes are marked, so that what follows for the meters is told. */
@Injectable()
export class QuotasRepository {
  /** Plan versions never change. Subscriptions that came before their plan are told anew. */
  async savePlan(unit: UnitOfWork, { tenantId, planVersionId, calls, period }: PlanQuota): Promise<void> {
    await takeTurn(unit, tenantId);
    await unit.manager.query(
      `with added as (
         insert into quota_plans (tenant_id, plan_version_id, calls, period) values ($1, $2, $3, $4)
         on conflict do nothing returning plan_version_id
       )
       update quota_subscriptions set has_quota = true, version = version + 1
       where tenant_id = $1 and plan_version_id in (select plan_version_id from added)`,
      [tenantId, planVersionId, calls, period],
    );
  }

  /** Keeps the newest state; what was overtaken is ignored. */
  async saveSubscription(unit: UnitOfWork, subscription: QuotaSubscription): Promise<void> {
    const { tenantId, subscriptionId, planVersionId, isLive, aggregateVersion } = subscription;
    await takeTurn(unit, tenantId);
    await unit.manager.query(
      `insert into quota_subscriptions as held (tenant_id, subscription_id, plan_version_id, is_live, aggregate_version, has_quota)
       select $1, $2, $3, $4, $5, exists (select from quota_plans where tenant_id = $1 and plan_version_id = $3)
       on conflict (tenant_id, subscription_id) do update set
         plan_version_id = excluded.plan_version_id, is_live = excluded.is_live, has_quota = excluded.has_quota,
         aggregate_version = excluded.aggregate_version, version = held.version + 1
       where held.aggregate_version < excluded.aggregate_version`,
      [tenantId, subscriptionId, planVersionId, isLive, aggregateVersion],
    );
  }

  /** The tenant’s months begin at another time now: all its meters are told anew. */
  async markTenant({ manager }: UnitOfWork, tenantId: string): Promise<void> {
    await manager.query('update quota_subscriptions set version = version + 1 where tenant_id = $1', [tenantId]);
  }
}

/** A plan and a subscription to it that come at once must see each other. */
async function takeTurn({ manager }: UnitOfWork, tenantId: string): Promise<void> {
  await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`quotas:${tenantId}`]);
}
