import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import type { PortalCredential, PortalPlanVersion, PortalProduct, PortalSubscription } from './portal-objects.ts';

const productColumns = `id, name, bindings, plan_version_ids as "planVersionIds", keyless, version, is_deleted as "isDeleted"`;
const planColumns = `id, plan_id as "planId", product_id as "productId", number, name, call_limit as "limit", quota`;
const subscriptionColumns = `id, application_id as "applicationId", application_name as "applicationName",
  developer_id as "developerId", product_id as "productId", plan_version_id as "planVersionId", group_ids as "groupIds",
  state, version`;
const credentialColumns = `id, kind, subscription_id as "subscriptionId", group_ids as "groupIds", key_sha256 as "keySha256",
  to_char(expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "expiresAt",
  to_char(revoked_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "revokedAt"`;

/** Read-only projection of what the portal announced; written by its events and by reconciliation only. A `put` returns how many rows changed. */
@Injectable()
export class PortalRepository {
  /** Locked until the unit ends, so that events about one product take turns. */
  async lockProduct({ manager }: UnitOfWork, id: string): Promise<PortalProduct | null> {
    const sql = `select ${productColumns} from portal_products where id = $1 for update`;
    return (await manager.query<PortalProduct[]>(sql, [id]))[0] ?? null;
  }

  /** Products that the portal has not deleted, as far as is known, with their versions. */
  async findProducts({ manager }: UnitOfWork): Promise<Map<string, number>> {
    const sql = 'select id, version from portal_products where not is_deleted';
    const products = await manager.query<Pick<PortalProduct, 'id' | 'version'>[]>(sql);
    return new Map(products.map(({ id, version }) => [id, version]));
  }

  /** The plan versions alone are no change: those that only ended subscriptions had go without an announcement. */
  async putProduct({ manager, tenantId }: UnitOfWork, product: PortalProduct): Promise<number> {
    return countChanged(
      manager,
      `with former as (select name, bindings, keyless, is_deleted from portal_products where id = $1)
       insert into portal_products (id, tenant_id, name, bindings, plan_version_ids, keyless, version, is_deleted)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set name = excluded.name, bindings = excluded.bindings, plan_version_ids = excluded.plan_version_ids,
         keyless = excluded.keyless, version = excluded.version, is_deleted = excluded.is_deleted
       returning not exists (
         select from former where former.name = $3 and former.bindings = $4::jsonb and former.keyless = $6::boolean
           and former.is_deleted = $8::boolean
       ) as changed`,
      [
        product.id,
        tenantId,
        product.name,
        JSON.stringify(product.bindings),
        product.planVersionIds,
        product.keyless,
        product.version,
        product.isDeleted,
      ],
    );
  }

  async findPlanVersion({ manager }: UnitOfWork, id: string): Promise<PortalPlanVersion | null> {
    const sql = `select ${planColumns} from portal_plan_versions where id = $1`;
    return (await manager.query<PortalPlanVersion[]>(sql, [id]))[0] ?? null;
  }

  findPlanVersionsOf({ manager }: UnitOfWork, productId: string): Promise<PortalPlanVersion[]> {
    return manager.query(`select ${planColumns} from portal_plan_versions where product_id = $1 order by id`, [
      productId,
    ]);
  }

  /** A plan version never changes: only damage is overwritten. */
  async putPlanVersion({ manager, tenantId }: UnitOfWork, plan: PortalPlanVersion): Promise<number> {
    const json = (value: object | null) => (value === null ? null : JSON.stringify(value));
    return countChanged(
      manager,
      `insert into portal_plan_versions as known (id, tenant_id, plan_id, product_id, number, name, call_limit, quota)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (id) do update set plan_id = excluded.plan_id, product_id = excluded.product_id,
         number = excluded.number, name = excluded.name, call_limit = excluded.call_limit, quota = excluded.quota
       where (known.plan_id, known.product_id, known.number, known.name, known.call_limit, known.quota) is distinct from
         (excluded.plan_id, excluded.product_id, excluded.number, excluded.name, excluded.call_limit, excluded.quota)
       returning true as changed`,
      [plan.id, tenantId, plan.planId, plan.productId, plan.number, plan.name, json(plan.limit), json(plan.quota)],
    );
  }

  /** Locked until the unit ends, so that events about one subscription and its keys take turns. */
  async lockSubscription({ manager }: UnitOfWork, id: string): Promise<PortalSubscription | null> {
    const sql = `select ${subscriptionColumns} from portal_subscriptions where id = $1 for update`;
    return (await manager.query<PortalSubscription[]>(sql, [id]))[0] ?? null;
  }

  /** Subscriptions that have not ended, as far as is known, with their versions. */
  async findSubscriptions({ manager }: UnitOfWork): Promise<Map<string, number>> {
    const sql = `select id, version from portal_subscriptions where state <> 'cancelled'`;
    const subscriptions = await manager.query<Pick<PortalSubscription, 'id' | 'version'>[]>(sql);
    return new Map(subscriptions.map(({ id, version }) => [id, version]));
  }

  findSubscriptionsOfPlan({ manager }: UnitOfWork, planVersionId: string): Promise<PortalSubscription[]> {
    const sql = `select ${subscriptionColumns} from portal_subscriptions where plan_version_id = $1 order by id for update`;
    return manager.query(sql, [planVersionId]);
  }

  /** The groups of one that ended are no change: they follow its product without an announcement. */
  async putSubscription({ manager, tenantId }: UnitOfWork, subscription: PortalSubscription): Promise<number> {
    return countChanged(
      manager,
      `with former as (
         select application_id, application_name, developer_id, product_id, plan_version_id, group_ids, state
         from portal_subscriptions where id = $1
       )
       insert into portal_subscriptions (id, tenant_id, application_id, application_name, developer_id, product_id,
         plan_version_id, group_ids, state, version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (id) do update set application_id = excluded.application_id, application_name = excluded.application_name,
         developer_id = excluded.developer_id, product_id = excluded.product_id, plan_version_id = excluded.plan_version_id,
         group_ids = excluded.group_ids, state = excluded.state, version = excluded.version
       returning not exists (
         select from former where former.application_id = $3 and former.application_name = $4 and former.developer_id = $5
           and former.product_id = $6 and former.plan_version_id = $7 and former.state = $9
           and (former.state = 'cancelled' or former.group_ids = $8::text[])
       ) as changed`,
      [
        subscription.id,
        tenantId,
        subscription.applicationId,
        subscription.applicationName,
        subscription.developerId,
        subscription.productId,
        subscription.planVersionId,
        subscription.groupIds,
        subscription.state,
        subscription.version,
      ],
    );
  }

  /** Those for trying that ended long ago have left the access state, and there may be very many. */
  findCredentialsOf({ manager }: UnitOfWork, subscriptionId: string): Promise<PortalCredential[]> {
    const sql = `select ${credentialColumns} from portal_credentials where subscription_id = $1
      and (kind = 'key' or revoked_at is null or revoked_at > now() - interval '1 hour') order by id`;
    return manager.query(sql, [subscriptionId]);
  }

  /** Forgets the keys for trying of a subscription that ended a day ago or more; their resources are gone already. */
  async forgetTries({ manager }: UnitOfWork, subscriptionId: string): Promise<void> {
    await manager.query(
      `delete from portal_credentials where subscription_id = $1 and kind = 'try' and revoked_at < now() - interval '1 day'`,
      [subscriptionId],
    );
  }

  /** An end that is known already stays, whatever arrives later; what has ended is no change for other groups than it was in. */
  async putCredential({ manager, tenantId }: UnitOfWork, credential: PortalCredential): Promise<number> {
    return countChanged(
      manager,
      `with former as (
         select subscription_id, group_ids, key_sha256, expires_at, revoked_at from portal_credentials where id = $1
       )
       insert into portal_credentials as known (id, tenant_id, subscription_id, group_ids, key_sha256, expires_at, revoked_at, kind)
       values ($1, $2, $3, $4, $5, $6, $7, coalesce($8, 'key'))
       on conflict (id) do update set
         subscription_id = excluded.subscription_id,
         group_ids = array(select distinct unnest(known.group_ids || excluded.group_ids)),
         key_sha256 = coalesce(excluded.key_sha256, known.key_sha256),
         expires_at = coalesce(excluded.expires_at, known.expires_at),
         revoked_at = coalesce(known.revoked_at, excluded.revoked_at),
         kind = coalesce($8, known.kind)
       returning not exists (
         select from former where former.subscription_id = $3
           and former.key_sha256 is not distinct from coalesce($5, former.key_sha256)
           and former.expires_at is not distinct from coalesce($6::timestamptz, former.expires_at)
           and (former.revoked_at is not null or ($7::timestamptz is null and former.group_ids @> $4::text[]))
       ) as changed`,
      [
        credential.id,
        tenantId,
        credential.subscriptionId,
        credential.groupIds,
        credential.keySha256,
        credential.expiresAt,
        credential.revokedAt,
        credential.kind,
      ],
    );
  }
}

/** Runs an upsert that returns `changed` for the row it wrote. */
async function countChanged(manager: UnitOfWork['manager'], sql: string, values: readonly unknown[]): Promise<number> {
  const rows = await manager.query<{ changed: boolean }[]>(sql, [...values]);
  return rows.filter(({ changed }) => changed).length;
}
