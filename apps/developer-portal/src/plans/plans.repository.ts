import { Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { NewPlan, Plan, PlanTerms, PlanVersion } from '@tollgate/contracts/rest/portal';
import { deleteVersioned, getForChange, insertRow, mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { In } from 'typeorm';
import { nameTaken, refuseTaken } from '../shared/conflicts.ts';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { PlanVersionEntity } from './plan-version.entity.ts';
import { PlanEntity } from './plan.entity.ts';

/** Fields of a plan that a change may set. */
export type PlanFields = Pick<PlanEntity, 'name' | 'description' | 'retired'>;

const uniqueName = 'plans_name_key';

@Injectable()
export class PlansRepository {
  async list(unit: UnitOfWork, productId: string, page: PageQuery): Promise<Page<Plan>> {
    const query = unit.manager
      .createQueryBuilder(PlanEntity, 'plan')
      .where('plan.productId = :productId', { productId });
    const { items, nextCursor } = await readPage(query, page);
    return { items: await withCurrent(unit, items), nextCursor };
  }

  /** All plans of these products; a product has a bounded number of them. */
  async listOf(unit: UnitOfWork, productIds: string[]): Promise<Plan[]> {
    const rows = await unit.manager.find(PlanEntity, { where: { productId: In(productIds) }, order: { id: 'asc' } });
    return withCurrent(unit, rows);
  }

  async count({ manager }: UnitOfWork, productId: string): Promise<number> {
    return manager.countBy(PlanEntity, { productId });
  }

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<Plan> {
    const row = await unit.manager.findOneBy(PlanEntity, { id });
    return toPlan(row ?? notFound(), await currentOf(unit, row ?? notFound()));
  }

  /**
   * The plan, locked until the unit ends.
   * @throws ApiError `resource.not_found`, or `resource.changed` when the version is another.
   */
  async lock(unit: UnitOfWork, id: string, expectedVersion?: number): Promise<Plan> {
    const row = await getForChange(unit, PlanEntity, id, expectedVersion);
    return toPlan(row, await currentOf(unit, row));
  }

  /** @throws ApiError `resource.conflict` when the product has a plan of this name. */
  async insert(unit: UnitOfWork, productId: string, { limit, quota, approval, ...fields }: NewPlan): Promise<Plan> {
    const currentVersionId = newId('plv');
    const row = newRow<PlanEntity>(unit, 'pln', {
      ...fields,
      productId,
      retired: false,
      currentVersionId,
      currentNumber: 1,
    });
    await refuseTaken(insertRow(unit, PlanEntity, row), uniqueName, nameTaken('/name'));
    const terms = { limit, quota, approval };
    unit.noteChange(row.id, { after: { terms } });
    return toPlan(row, await insertVersion(unit, row, terms));
  }

  /** @throws ApiError `resource.conflict` when the product has another plan of the new name. */
  async change(unit: UnitOfWork, id: string, set: Partial<PlanFields>): Promise<Plan> {
    const row = await getForChange(unit, PlanEntity, id);
    const changed = await refuseTaken(changeRow(unit, PlanEntity, row, set), uniqueName, nameTaken('/name'));
    return toPlan(changed, await currentOf(unit, changed));
  }

  /** Gives a plan its next version; the ones before stay as they are. */
  async addVersion(unit: UnitOfWork, id: string, terms: PlanTerms): Promise<Plan> {
    const row = await getForChange(unit, PlanEntity, id);
    const next = { currentVersionId: newId('plv'), currentNumber: row.currentNumber + 1 };
    unit.noteChange(id, { before: { terms: termsOf(await currentOf(unit, row)) }, after: { terms } });
    const changed = await changeRow(unit, PlanEntity, row, next);
    return toPlan(changed, await insertVersion(unit, changed, terms));
  }

  async delete(unit: UnitOfWork, plan: Plan): Promise<void> {
    await deleteVersioned(unit, PlanEntity, { id: plan.id, expectedVersion: plan.version });
  }

  async listVersions({ manager }: UnitOfWork, planId: string, page: PageQuery): Promise<Page<PlanVersion>> {
    const query = manager
      .createQueryBuilder(PlanVersionEntity, 'version')
      .where('version.planId = :planId', { planId });
    return mapPage(await readPage(query, page), toVersion);
  }

  /** Versions of all plans of the tenant, each with the plan it belongs to. */
  async listAllVersions(unit: UnitOfWork, page: PageQuery): Promise<Page<{ plan: Plan; version: PlanVersion }>> {
    const { items, nextCursor } = await readPage(unit.manager.createQueryBuilder(PlanVersionEntity, 'version'), page);
    const planIds = [...new Set(items.map(({ planId }) => planId))];
    const plans = await withCurrent(unit, await unit.manager.findBy(PlanEntity, { id: In(planIds) }));
    const byId = new Map(plans.map((plan) => [plan.id, plan]));
    const pairs = items.flatMap((row) => {
      const plan = byId.get(row.planId);
      return plan === undefined ? [] : [{ plan, version: toVersion(row) }];
    });
    return { items: pairs, nextCursor };
  }

  /** @throws ApiError `resource.not_found` */
  async getVersion({ manager }: UnitOfWork, id: string): Promise<PlanVersion> {
    return toVersion((await manager.findOneBy(PlanVersionEntity, { id })) ?? notFound());
  }
}

async function insertVersion({ manager }: UnitOfWork, plan: PlanEntity, terms: PlanTerms): Promise<PlanVersionEntity> {
  const version: PlanVersionEntity = {
    ...terms,
    id: plan.currentVersionId,
    tenantId: plan.tenantId,
    planId: plan.id,
    number: plan.currentNumber,
    createdAt: new Date(),
  };
  await manager.insert(PlanVersionEntity, version);
  return version;
}

/** @throws ApiError `resource.not_found` when the plan was deleted since it was read. */
async function currentOf({ manager }: UnitOfWork, plan: PlanEntity): Promise<PlanVersionEntity> {
  return (await manager.findOneBy(PlanVersionEntity, { id: plan.currentVersionId })) ?? notFound();
}

/** Those that were deleted since they were read are left out. */
async function withCurrent({ manager }: UnitOfWork, plans: PlanEntity[]): Promise<Plan[]> {
  const ids = plans.map(({ currentVersionId }) => currentVersionId);
  const versions = await manager.findBy(PlanVersionEntity, { id: In(ids) });
  const byId = new Map(versions.map((version) => [version.id, version]));
  return plans.flatMap((plan) => {
    const current = byId.get(plan.currentVersionId);
    return current === undefined ? [] : [toPlan(plan, current)];
  });
}

function notFound(): never {
  throw new ApiError(commonErrors.notFound);
}

function toPlan(row: PlanEntity, current: PlanVersionEntity): Plan {
  const { id, productId, name, description, keyless, retired, version } = row;
  return {
    id,
    productId,
    name,
    description,
    keyless,
    retired,
    current: toVersion(current),
    version,
    ...rowTimes(row),
  };
}

function termsOf({ limit, quota, approval }: PlanVersionEntity): PlanTerms {
  return { limit, quota, approval };
}

function toVersion({ id, planId, number, limit, quota, approval, createdAt }: PlanVersionEntity): PlanVersion {
  return { id, planId, number, limit, quota, approval, createdAt: createdAt.toISOString() };
}
