import { Injectable } from '@nestjs/common';
import type { SubscriptionLabel } from '@tollgate/contracts/rest/analytics';
import type { UnitOfWork } from '@tollgate/persistence';

/** What the portal tells of a subscription. */
export interface SubscriptionFact {
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly productId: string;
  readonly planVersionId: string;
  readonly aggregateVersion: number;
}

type LabelRow = SubscriptionLabel & { subscriptionId: string };

/**
 * Names that other services own, as their events told them, and which plan a subscription had when. A `save` keeps the newest and
 * ignores what was overtaken; what contradicts the version that is held replaces it. It returns whether something other is held now.
 */
@Injectable()
export class LabelsRepository {
  /** Labels by subscription; those that are not known are missing. */
  async findSubscriptions(
    { manager }: UnitOfWork,
    tenantId: string,
    subscriptionIds: readonly string[],
  ): Promise<Map<string, SubscriptionLabel>> {
    const rows = await manager.query<LabelRow[]>(
      `select s.subscription_id as "subscriptionId", s.application_id as "applicationId",
         s.application_name as "applicationName", p.name as "productName", v.name as "planName"
       from subscription_labels s
       left join product_labels p on p.tenant_id = s.tenant_id and p.product_id = s.product_id
       left join plan_version_labels v on v.tenant_id = s.tenant_id and v.plan_version_id = s.plan_version_id
       where s.tenant_id = $1 and s.subscription_id = any ($2::text[])`,
      [tenantId, subscriptionIds],
    );
    return new Map(rows.map(({ subscriptionId, ...label }) => [subscriptionId, label]));
  }

  saveZone(
    { manager }: UnitOfWork,
    { tenantId, zone, aggregateVersion }: { tenantId: string; zone: string; aggregateVersion: number },
  ): Promise<boolean> {
    return isChanged(
      manager,
      `with former as (select zone from billing_zones where tenant_id = $1)
       insert into billing_zones as held (tenant_id, zone, aggregate_version) values ($1, $2, $3)
       on conflict (tenant_id) do update
         set zone = excluded.zone, aggregate_version = excluded.aggregate_version
         where held.aggregate_version <= excluded.aggregate_version
       returning not exists (select from former where former.zone = $2) as changed`,
      [tenantId, zone, aggregateVersion],
    );
  }

  saveProduct(
    { manager }: UnitOfWork,
    product: { tenantId: string; productId: string; name: string; aggregateVersion: number },
  ): Promise<boolean> {
    return isChanged(
      manager,
      `with former as (select name from product_labels where tenant_id = $1 and product_id = $2)
       insert into product_labels as held (tenant_id, product_id, name, aggregate_version) values ($1, $2, $3, $4)
       on conflict (tenant_id, product_id) do update
         set name = excluded.name, aggregate_version = excluded.aggregate_version
         where held.aggregate_version <= excluded.aggregate_version
       returning not exists (select from former where former.name = $3) as changed`,
      [product.tenantId, product.productId, product.name, product.aggregateVersion],
    );
  }

  /** Plan versions never change: only damage is replaced. */
  savePlanVersion(
    { manager }: UnitOfWork,
    plan: { tenantId: string; planVersionId: string; productId: string; name: string },
  ): Promise<boolean> {
    return isChanged(
      manager,
      `insert into plan_version_labels as held (tenant_id, plan_version_id, product_id, name) values ($1, $2, $3, $4)
       on conflict (tenant_id, plan_version_id) do update set product_id = excluded.product_id, name = excluded.name
         where (held.product_id, held.name) is distinct from (excluded.product_id, excluded.name)
       returning true as changed`,
      [plan.tenantId, plan.planVersionId, plan.productId, plan.name],
    );
  }

  saveSubscription({ manager }: UnitOfWork, fact: SubscriptionFact): Promise<boolean> {
    return isChanged(
      manager,
      `with former as (select * from subscription_labels where tenant_id = $1 and subscription_id = $2)
       insert into subscription_labels as held (tenant_id, subscription_id, application_id, application_name, product_id,
         plan_version_id, aggregate_version)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, subscription_id) do update set
         application_id = excluded.application_id,
         application_name = excluded.application_name,
         product_id = excluded.product_id,
         plan_version_id = excluded.plan_version_id,
         aggregate_version = excluded.aggregate_version
       where held.aggregate_version <= excluded.aggregate_version
       returning not exists (
         select from former where former.application_id = $3 and former.application_name = $4 and former.product_id = $5
           and former.plan_version_id = $6
       ) as changed`,
      [
        fact.tenantId,
        fact.subscriptionId,
        fact.applicationId,
        fact.applicationName,
        fact.productId,
        fact.planVersionId,
        fact.aggregateVersion,
      ],
    );
  }

  /** Records that a subscription has a plan version from this minute on, unless it had that one already. */
  async savePlanOf(
    { manager }: UnitOfWork,
    plan: { tenantId: string; subscriptionId: string; planVersionId: string; effectiveFrom: Date },
  ): Promise<void> {
    await manager.query(
      `insert into subscription_plans (tenant_id, subscription_id, effective_from, plan_version_id)
       select $1, $2, date_trunc('minute', $3::timestamptz), $4
       where $4 is distinct from (
         select plan_version_id from subscription_plans
         where tenant_id = $1 and subscription_id = $2 and effective_from <= $3
         order by effective_from desc limit 1
       )
       on conflict (tenant_id, subscription_id, effective_from) do update set plan_version_id = excluded.plan_version_id`,
      [plan.tenantId, plan.subscriptionId, plan.effectiveFrom, plan.planVersionId],
    );
  }

  /**
   * Sees to it that a subscription's plan since `effectiveFrom` is this one and no later one is known; what was before stays.
   * @returns whether it was not so.
   */
  async mirrorPlanOf(
    { manager }: UnitOfWork,
    plan: { tenantId: string; subscriptionId: string; planVersionId: string; effectiveFrom: Date },
  ): Promise<boolean> {
    const [latest] = await manager.query<{ planVersionId: string }[]>(
      `select plan_version_id as "planVersionId" from subscription_plans
       where tenant_id = $1 and subscription_id = $2 order by effective_from desc limit 1`,
      [plan.tenantId, plan.subscriptionId],
    );
    if (latest?.planVersionId === plan.planVersionId) return false;
    await manager.query(
      `delete from subscription_plans
       where tenant_id = $1 and subscription_id = $2 and effective_from > date_trunc('minute', $3::timestamptz)`,
      [plan.tenantId, plan.subscriptionId, plan.effectiveFrom],
    );
    await manager.query(
      `insert into subscription_plans (tenant_id, subscription_id, effective_from, plan_version_id)
       values ($1, $2, date_trunc('minute', $3::timestamptz), $4)
       on conflict (tenant_id, subscription_id, effective_from) do update set plan_version_id = excluded.plan_version_id`,
      [plan.tenantId, plan.subscriptionId, plan.effectiveFrom, plan.planVersionId],
    );
    return true;
  }

  /** Version of a subscription that is known; 0 when none is. */
  async findSubscriptionVersion(
    { manager }: UnitOfWork,
    { tenantId, subscriptionId }: { tenantId: string; subscriptionId: string },
  ): Promise<number> {
    const [held] = await manager.query<{ version: number }[]>(
      'select aggregate_version as version from subscription_labels where tenant_id = $1 and subscription_id = $2',
      [tenantId, subscriptionId],
    );
    return held?.version ?? 0;
  }
}

/** Runs an upsert that returns `changed` for the row it wrote. */
async function isChanged(manager: UnitOfWork['manager'], sql: string, values: readonly unknown[]): Promise<boolean> {
  const [row] = await manager.query<{ changed: boolean }[]>(sql, [...values]);
  return row?.changed === true;
}
