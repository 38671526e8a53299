import { planVersionPublished } from '@tollgate/contracts/events';
import type { Plan, PlanVersion, PlanVersionSnapshot } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';

/** A plan version as others need it. */
export function describeVersion(plan: Plan, version: PlanVersion): PlanVersionSnapshot {
  return {
    planId: plan.id,
    planVersionId: version.id,
    productId: plan.productId,
    version: version.number,
    name: plan.name,
    limit: version.limit,
    quota: version.quota,
  };
}

/** Announces a plan version; it never changes, so saying it again does no harm. */
export async function emitPlanVersion(unit: UnitOfWork, plan: Plan, version: PlanVersion): Promise<void> {
  const data = describeVersion(plan, version);
  await unit.emit(
    planVersionPublished.create({
      subject: version.id,
      partitionKey: plan.id,
      tenantId: unit.tenantId,
      aggregateVersion: version.number,
      data,
    }),
  );
}
