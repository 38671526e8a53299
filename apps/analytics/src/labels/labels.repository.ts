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

/** Names that other services own, as their events told them, and which plan a subscription had when. */
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

  /** Keeps the newest zone; what was overtaken is ignored. */
  async saveZone(
    { manager }: UnitOfWork,
    { tenantId, zone, aggregateVersion }: { tenantId: string; zone: string; aggregateVersion: number },
  ): Promise<void> {
    await manager.query(
      `insert into billing_zones as held (tenant_id, zone, aggregate_version) values ($1, $2, $3)
       on conflict (tenant_id) do update
         set zone = excluded.zone, aggregate_version = excluded.aggregate_version
         where held.aggregate_version < excluded.aggregate_version`,
      [tenantId, zone, aggregateVersion],
    );
  }

  /** Keeps the newest name; what was overtaken is ignored. */
  async saveProduct(
    { manager }: UnitOfWork,
    product: { tenantId: string; productId: string; name: string; aggregateVersion: number },
  ): Promise<void> {
    await manager.query(
      `insert into product_labels as held (tenant_id, product_id, name, aggregate_version) values ($1, $2, $3, $4)
       on conflict (tenant_id, product_id) do update
         set name = excluded.name, aggregate_version = excluded.aggregate_version
         where held.aggregate_version < excluded.aggregate_version`,
      [product.tenantId, product.productId, product.name, product.aggregateVersion],
    );
  }

  /** Plan versions never change. */
  async savePlanVersion(
    { manager }: UnitOfWork,
    plan: { tenantId: string; planVersionId: string; productId: string; name: string },
  ): Promise<void> {
    await manager.query(
      `insert into plan_version_labels (tenant_id, plan_version_id, product_id, name) values ($1, $2, $3, $4)
       on conflict do nothing`,
      [plan.tenantId, plan.planVersionId, plan.productId, plan.name],
    );
  }

  /** Keeps the newest state; what was overtaken is ignored. */
  async saveSubscription({ manager }: UnitOfWork, fact: SubscriptionFact): Promise<void> {
    await manager.query(
      `insert into subscription_labels as held (tenant_id, subscription_id, application_id, application_name, product_id,
         plan_version_id, aggregate_version)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (tenant_id, subscription_id) do update set
         application_id = excluded.application_id,
         application_name = excluded.application_name,
         product_id = excluded.product_id,
         plan_version_id = excluded.plan_version_id,
         aggregate_version = excluded.aggregate_version
       where held.aggregate_version < excluded.aggregate_version`,
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
}
