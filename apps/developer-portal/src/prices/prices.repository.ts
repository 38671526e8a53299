import { Injectable } from '@nestjs/common';
import type { PriceSet } from '@tollgate/contracts/events';
import type { PlanPrice } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';

/** Prices of plan versions, those to come included (a projection). */
@Injectable()
export class PricesRepository {
  /**
   * Keeps a price. One of a plan version that is not here, because its plan was deleted, is ignored; one that contradicts what is held replaces it.
   * @returns whether something was written.
   */
  async save({ manager, tenantId }: UnitOfWork, price: PriceSet): Promise<boolean> {
    const { priceId, planVersionId, currency, terms, effectiveFrom } = price;
    const saved = await manager.query<unknown[]>(
      `insert into plan_prices as held (tenant_id, price_id, plan_version_id, price, effective_from)
       select $1, $2, id, $4, $5 from plan_versions where id = $3
       on conflict (tenant_id, price_id) do update set plan_version_id = excluded.plan_version_id, price = excluded.price,
         effective_from = excluded.effective_from
       where (held.plan_version_id, held.price, held.effective_from)
         is distinct from (excluded.plan_version_id, excluded.price, excluded.effective_from)
       returning price_id`,
      [tenantId, priceId, planVersionId, JSON.stringify({ ...terms, currency }), effectiveFrom],
    );
    return saved.length > 0;
  }

  async listIds({ manager }: UnitOfWork): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>('select price_id as id from plan_prices');
    return rows.map(({ id }) => id);
  }

  async remove({ manager }: UnitOfWork, priceId: string): Promise<void> {
    await manager.query('delete from plan_prices where price_id = $1', [priceId]);
  }

  /** What calls cost now, by plan version; those without a price are left out. */
  async findInForce({ manager }: UnitOfWork, planVersionIds: readonly string[]): Promise<Map<string, PlanPrice>> {
    if (planVersionIds.length === 0) return new Map();
    const rows = await manager.query<{ planVersionId: string; price: PlanPrice }[]>(
      `select distinct on (plan_version_id) plan_version_id as "planVersionId", price from plan_prices
       where plan_version_id = any($1) and effective_from <= now()
       order by plan_version_id, effective_from desc`,
      [planVersionIds],
    );
    return new Map(rows.map(({ planVersionId, price }) => [planVersionId, price]));
  }
}
