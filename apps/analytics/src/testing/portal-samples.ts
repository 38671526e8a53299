import { newId } from '@tollgate/contracts';
import type { QuotaPeriod } from '@tollgate/contracts/events';
import {
  planVersionPublished,
  productPublished,
  subscriptionApproved,
  tenantCreated,
  type TopicEvent,
} from '@tollgate/contracts/events';

/** A tenant that sells one product under one plan to one application. */
export function sampleTenant() {
  return {
    tenantId: newId('tnt'),
    groupId: newId('grp'),
    productId: newId('prd'),
    planVersionId: newId('plv'),
    subscriptionId: newId('sub'),
    applicationId: newId('app'),
  };
}
export type SampleTenant = ReturnType<typeof sampleTenant>;

/** What the other services told when the tenant sold it. */
export function portalEvents(
  { tenantId, groupId, productId, planVersionId, subscriptionId, applicationId }: SampleTenant,
  billingTimeZone = 'UTC',
  quota: { calls: number; period: QuotaPeriod } | null = null,
): TopicEvent[] {
  return [
    tenantCreated.create({
      subject: tenantId,
      tenantId,
      aggregateVersion: 1,
      data: { tenantId, slug: 'acme', name: 'Acme', billingTimeZone },
    }),
    productPublished.create({
      subject: productId,
      tenantId,
      aggregateVersion: 1,
      data: {
        productId,
        name: 'Weather',
        bindings: [{ groupId, routeIds: ['route-1'] }],
        planVersionIds: [planVersionId],
        keyless: false,
      },
    }),
    planVersionPublished.create({
      subject: newId('pln'),
      tenantId,
      aggregateVersion: 1,
      data: { planId: newId('pln'), planVersionId, productId, version: 1, name: 'Gold', limit: null, quota },
    }),
    subscriptionApproved.create({
      subject: subscriptionId,
      tenantId,
      aggregateVersion: 2,
      data: {
        subscriptionId,
        applicationId,
        applicationName: 'Forecasts',
        developerId: newId('dev'),
        productId,
        planVersionId,
        groupIds: [groupId],
      },
    }),
  ];
}
