import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import { portalErrors, type Subscription, type SubscriptionState } from '@tollgate/contracts/rest/portal';
import { getForChange, insertRow, mapPage, readPage, type UnitOfWork, whereContains } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { type FindOptionsWhere, In, Raw } from 'typeorm';
import { refuseTaken } from '../shared/conflicts.ts';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { isWaiting, liveStates, type Standing } from './subscription-rules.ts';
import { SubscriptionEntity } from './subscription.entity.ts';

/** Which subscriptions a list holds; what is not named does not matter. */
export interface SubscriptionFilter {
  state?: SubscriptionState | undefined;
  productId?: string | undefined;
  applicationId?: string | undefined;
  developerId?: string | undefined;
  /** Part of the id, or of what people call the application, the product or the developer. */
  search?: string | undefined;
}

/** By what live subscriptions can be referred to. */
export type SubscriptionReference = { productId: string } | { planId: string } | { applicationId: string };

/** What people know a subscription by. */
const searched = [
  'subscription.id',
  '(select a.name from applications a where a.id = subscription.application_id)',
  '(select p.name from api_products p where p.id = subscription.product_id)',
  '(select d.name from developers d where d.id = subscription.developer_id)',
];

/** A list of referrers in an answer stays readable. */
const referrersShown = 50;

@Injectable()
export class SubscriptionsRepository {
  async list({ manager }: UnitOfWork, page: PageQuery, filter: SubscriptionFilter = {}): Promise<Page<Subscription>> {
    const query = manager.createQueryBuilder(SubscriptionEntity, 'subscription');
    for (const name of ['state', 'productId', 'applicationId', 'developerId'] as const) {
      if (filter[name] !== undefined) query.andWhere(`subscription.${name} = :${name}`, { [name]: filter[name] });
    }
    whereContains(query, searched, filter.search);
    return mapPage(await readPage(query, page), toSubscription);
  }

  /** @throws ApiError `resource.not_found`, also when it is another developer's. */
  async get({ manager }: UnitOfWork, id: string, developerId?: string): Promise<Subscription> {
    const where: FindOptionsWhere<SubscriptionEntity> = developerId === undefined ? { id } : { id, developerId };
    const row = await manager.findOneBy(SubscriptionEntity, where);
    if (row === null) throw new ApiError(commonErrors.notFound);
    return toSubscription(row);
  }

  /**
   * The subscription, locked until the unit ends.
   * @throws ApiError `resource.not_found`, also when it is another developer's.
   */
  async lock(unit: UnitOfWork, id: string, developerId?: string): Promise<Subscription> {
    const row = await getForChange(unit, SubscriptionEntity, id);
    if (developerId !== undefined && row.developerId !== developerId) throw new ApiError(commonErrors.notFound);
    return toSubscription(row);
  }

  /** @throws ApiError `subscription.exists` when the application has a live subscription to the product. */
  async insert(
    unit: UnitOfWork,
    fields: Standing & Pick<Subscription, 'applicationId' | 'developerId' | 'productId' | 'planId'>,
  ): Promise<Subscription> {
    const waitingSince = isWaiting(fields) ? new Date() : null;
    const planSince = fields.state === 'approved' ? new Date() : null;
    const row = newRow<SubscriptionEntity>(unit, 'sub', { ...fields, planSince, waitingSince });
    const refusal = new ApiError(portalErrors.alreadySubscribed);
    await refuseTaken(insertRow(unit, SubscriptionEntity, row), 'subscriptions_live_key', refusal);
    return toSubscription(row);
  }

  /** One that goes on waiting keeps its place in the queue. */
  async change(unit: UnitOfWork, id: string, standing: Standing & { planId: string }): Promise<Subscription> {
    const row = await getForChange(unit, SubscriptionEntity, id);
    const { state, planId, planVersionId, requestedPlanVersionId } = standing;
    const waitingSince = isWaiting(standing) ? (row.waitingSince ?? new Date()) : null;
    const isNewPlan = state === 'approved' && (row.planSince === null || row.planVersionId !== planVersionId);
    const planSince = isNewPlan ? new Date() : row.planSince;
    const set = { state, planId, planVersionId, requestedPlanVersionId, planSince, waitingSince };
    return toSubscription(await changeRow(unit, SubscriptionEntity, row, set));
  }

  /** Ids of live subscriptions that refer to a product, plan or application, or ask to change to a plan; cut when there are many. */
  async findReferrers(
    { manager }: UnitOfWork,
    reference: SubscriptionReference,
  ): Promise<{ ids: string[]; more: boolean }> {
    const state = In([...liveStates]);
    const isAsked = (alias: string): string =>
      `${alias} in (select v.id from plan_versions v where v.plan_id = :planId)`;
    const rows = await manager.find(SubscriptionEntity, {
      select: { id: true },
      where: [
        { ...reference, state },
        ...('planId' in reference ? [{ state, requestedPlanVersionId: Raw(isAsked, reference) }] : []),
      ],
      order: { id: 'asc' },
      take: referrersShown + 1,
    });
    return { ids: rows.slice(0, referrersShown).map(({ id }) => id), more: rows.length > referrersShown };
  }

  /** Since when the plan version of a subscription is in force; null while it never was. */
  async findPlanSince({ manager }: UnitOfWork, id: string): Promise<Date | null> {
    return (await manager.findOneBy(SubscriptionEntity, { id }))?.planSince ?? null;
  }

  async countLive({ manager }: UnitOfWork, applicationId: string): Promise<number> {
    return manager.countBy(SubscriptionEntity, { applicationId, state: In([...liveStates]) });
  }

  /** Plan versions that live subscriptions to a product have. */
  async findLivePlanVersions({ manager }: UnitOfWork, productId: string): Promise<string[]> {
    const rows = await manager
      .createQueryBuilder(SubscriptionEntity, 'subscription')
      .select('subscription.planVersionId', 'id')
      .where('subscription.productId = :productId', { productId })
      .andWhere('subscription.state in (:...states)', { states: liveStates })
      .groupBy('subscription.planVersionId')
      .getRawMany<{ id: string }>();
    return rows.map(({ id }) => id);
  }
}

function toSubscription(row: SubscriptionEntity): Subscription {
  const { id, applicationId, developerId, productId, planId, planVersionId, requestedPlanVersionId, state } = row;
  return {
    id,
    applicationId,
    developerId,
    productId,
    planId,
    planVersionId,
    requestedPlanVersionId,
    state,
    version: row.version,
    ...rowTimes(row),
  };
}
