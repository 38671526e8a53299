import { Injectable } from '@nestjs/common';
import type { QuotaPeriod } from '@tollgate/contracts/events';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { QuotaSnapshot } from '@tollgate/contracts/rest/analytics';
import { mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { QuotaSubscriptionEntity } from './quota-subscription.entity.ts';

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

/**
 * What the portal told of plans and subscriptions; changes are marked, so that what follows for the meters is told. What is saved or
 * dropped returns whether something other is held now.
 */
@Injectable()
export class QuotasRepository {
  /** Plan versions never change: only damage is replaced. Subscriptions that came before their plan are told anew. */
  async savePlan(unit: UnitOfWork, { tenantId, planVersionId, calls, period }: PlanQuota): Promise<boolean> {
    await takeTurn(unit, tenantId);
    const saved = await unit.manager.query<unknown[]>(
      `with saved as (
         insert into quota_plans as held (tenant_id, plan_version_id, calls, period) values ($1, $2, $3, $4)
         on conflict (tenant_id, plan_version_id) do update set calls = excluded.calls, period = excluded.period
           where (held.calls, held.period) is distinct from (excluded.calls, excluded.period)
         returning plan_version_id
       ), marked as (
         update quota_subscriptions set has_quota = true, version = version + 1
         where tenant_id = $1 and plan_version_id in (select plan_version_id from saved)
       )
       select plan_version_id from saved`,
      [tenantId, planVersionId, calls, period],
    );
    return saved.length > 0;
  }

  /** The plan version has no quota. */
  async dropPlan(
    unit: UnitOfWork,
    { tenantId, planVersionId }: Pick<PlanQuota, 'tenantId' | 'planVersionId'>,
  ): Promise<boolean> {
    await takeTurn(unit, tenantId);
    const dropped = await unit.manager.query<unknown[]>(
      `with dropped as (
         delete from quota_plans where tenant_id = $1 and plan_version_id = $2 returning plan_version_id
       ), marked as (
         update quota_subscriptions set has_quota = false
         where tenant_id = $1 and plan_version_id in (select plan_version_id from dropped)
       )
       select plan_version_id from dropped`,
      [tenantId, planVersionId],
    );
    return dropped.length > 0;
  }

  /** Keeps the newest state; what was overtaken is ignored, what contradicts the version that is held replaces it. */
  async saveSubscription(unit: UnitOfWork, subscription: QuotaSubscription): Promise<boolean> {
    const { tenantId, subscriptionId, planVersionId, isLive, aggregateVersion } = subscription;
    await takeTurn(unit, tenantId);
    const saved = await unit.manager.query<{ changed: boolean }[]>(
      `with former as (
         select plan_version_id, is_live, has_quota from quota_subscriptions where tenant_id = $1 and subscription_id = $2
       )
       insert into quota_subscriptions as held (tenant_id, subscription_id, plan_version_id, is_live, aggregate_version, has_quota)
       select $1, $2, $3, $4, $5, exists (select from quota_plans where tenant_id = $1 and plan_version_id = $3)
       on conflict (tenant_id, subscription_id) do update set
         plan_version_id = excluded.plan_version_id, is_live = excluded.is_live, has_quota = excluded.has_quota,
         aggregate_version = excluded.aggregate_version, version = held.version + 1
       where held.aggregate_version < excluded.aggregate_version
         or (held.aggregate_version = excluded.aggregate_version
           and (held.plan_version_id, held.is_live, held.has_quota)
             is distinct from (excluded.plan_version_id, excluded.is_live, excluded.has_quota))
       returning not exists (
         select from former where former.plan_version_id = held.plan_version_id and former.is_live = held.is_live
           and former.has_quota = held.has_quota
       ) as changed`,
      [tenantId, subscriptionId, planVersionId, isLive, aggregateVersion],
    );
    return saved.some(({ changed }) => changed);
  }

  /** The tenant's subscriptions that are metered, by id. */
  async findLive({ manager }: UnitOfWork): Promise<Map<string, QuotaSubscription>> {
    const subscriptions = await manager.query<QuotaSubscription[]>(
      `select tenant_id as "tenantId", subscription_id as "subscriptionId", plan_version_id as "planVersionId",
         is_live as "isLive", aggregate_version as "aggregateVersion"
       from quota_subscriptions where is_live`,
    );
    return new Map(subscriptions.map((subscription) => [subscription.subscriptionId, subscription]));
  }

  /** What was told of the quotas of live subscriptions last. */
  async listTold({ manager }: UnitOfWork, page: PageQuery): Promise<Page<QuotaSnapshot>> {
    const query = manager
      .createQueryBuilder(QuotaSubscriptionEntity, 'subscription')
      .where('subscription.isLive and subscription.hasQuota and subscription.told is not null');
    return mapPage(await readPage(query, page, { by: 'subscriptionId' }), toSnapshot);
  }

  /** The tenant’s months begin at another time now: all its meters are told anew. */
  async markTenant({ manager }: UnitOfWork, tenantId: string): Promise<void> {
    await manager.query('update quota_subscriptions set version = version + 1 where tenant_id = $1', [tenantId]);
  }
}

function toSnapshot({ told, toldVersion: version, toldAt }: QuotaSubscriptionEntity): QuotaSnapshot {
  if (told === null) throw new Error('nothing was told of the subscription');
  return { ...told, version, toldAt: toldAt.toISOString() };
}

/** A plan and a subscription to it that come at once must see each other. */
async function takeTurn({ manager }: UnitOfWork, tenantId: string): Promise<void> {
  await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`quotas:${tenantId}`]);
}
