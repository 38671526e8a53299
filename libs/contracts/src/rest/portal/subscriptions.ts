import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { planQuota } from '../../events/portal.events.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp, version } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';
import { portalErrors } from './portal.errors.ts';

/** `refused` and `cancelled` are final; the other states are live. */
export const subscriptionState = z.enum(['pending', 'approved', 'suspended', 'refused', 'cancelled']);
export type SubscriptionState = z.output<typeof subscriptionState>;

export const subscription = z
  .object({
    id: idSchema('sub'),
    applicationId: idSchema('app'),
    developerId: idSchema('dev'),
    productId: idSchema('prd'),
    planId: idSchema('pln'),
    planVersionId: idSchema('plv'),
    requestedPlanVersionId: idSchema('plv')
      .nullable()
      .meta({ description: 'Plan version that an approved subscription asks to change to; null when none waits.' }),
    state: subscriptionState,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Subscription' });
export type Subscription = z.output<typeof subscription>;

const quotaCalls = z.number().int().nonnegative().nullable();

/** How much of its plan's quota a subscription has used. */
export const subscriptionQuota = z
  .object({
    quota: planQuota.nullable().meta({ description: 'Null when the plan has none; then all else is null too.' }),
    used: quotaCalls.meta({ description: 'Billable calls of the present period that were counted so far.' }),
    remaining: quotaCalls,
    periodStart: timestamp.nullable().meta({ description: 'In the tenant’s billing zone; null until it is known.' }),
    periodEnd: timestamp.nullable().meta({ description: 'Not part of the period.' }),
    countedAt: timestamp.nullable().meta({ description: 'When these figures were taken.' }),
  })
  .meta({ id: 'SubscriptionQuota' });
export type SubscriptionQuota = z.output<typeof subscriptionQuota>;

const subscriptionParams = z.strictObject({ subscriptionId: idSchema('sub') });

export const listSubscriptions = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listSubscriptions',
  method: 'GET',
  path: '/api/v1/subscriptions',
  kind: 'list',
  tag: 'Subscriptions',
  summary: 'List subscriptions',
  access: { kind: 'permission', permission: 'portal.read' },
  query: pageQuery.extend({
    state: subscriptionState.optional(),
    search: searchText('the id, or the name of the application, the product or the developer'),
    productId: idSchema('prd').optional(),
    applicationId: idSchema('app').optional(),
    developerId: idSchema('dev').optional(),
  }),
  response: pageOf(subscription),
});

export const getSubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getSubscription',
  method: 'GET',
  path: '/api/v1/subscriptions/{subscriptionId}',
  kind: 'get',
  tag: 'Subscriptions',
  summary: 'Read a subscription',
  access: { kind: 'permission', permission: 'portal.read' },
  params: subscriptionParams,
  response: subscription,
});

export const getSubscriptionQuota = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getSubscriptionQuota',
  method: 'GET',
  path: '/api/v1/subscriptions/{subscriptionId}/quota',
  kind: 'get',
  tag: 'Subscriptions',
  summary: 'Read how much of its quota a subscription has used',
  description: 'A second or two behind the calls.',
  access: { kind: 'permission', permission: 'portal.read' },
  params: subscriptionParams,
  response: subscriptionQuota,
});

export const approveSubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'approveSubscription',
  method: 'POST',
  path: '/api/v1/subscriptions/{subscriptionId}/approve',
  kind: 'action',
  tag: 'Subscriptions',
  summary: 'Approve a subscription or the plan change it asks for',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: subscriptionParams,
  response: subscription,
  errors: [portalErrors.stateConflict],
  audit: 'subscription.approve',
  dryRun: true,
});

export const refuseSubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'refuseSubscription',
  method: 'POST',
  path: '/api/v1/subscriptions/{subscriptionId}/refuse',
  kind: 'action',
  tag: 'Subscriptions',
  summary: 'Refuse a subscription or the plan change it asks for',
  description: 'A refused plan change leaves the subscription as it was.',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: subscriptionParams,
  response: subscription,
  errors: [portalErrors.stateConflict],
  audit: 'subscription.refuse',
  dryRun: true,
});

export const suspendSubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'suspendSubscription',
  method: 'POST',
  path: '/api/v1/subscriptions/{subscriptionId}/suspend',
  kind: 'action',
  tag: 'Subscriptions',
  summary: 'Stop a subscription for now',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: subscriptionParams,
  response: subscription,
  errors: [portalErrors.stateConflict],
  audit: 'subscription.suspend',
  dryRun: true,
});

export const resumeSubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'resumeSubscription',
  method: 'POST',
  path: '/api/v1/subscriptions/{subscriptionId}/resume',
  kind: 'action',
  tag: 'Subscriptions',
  summary: 'Let a suspended subscription work again',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: subscriptionParams,
  response: subscription,
  errors: [portalErrors.stateConflict],
  audit: 'subscription.resume',
  dryRun: true,
});

export const cancelSubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'cancelSubscription',
  method: 'POST',
  path: '/api/v1/subscriptions/{subscriptionId}/cancel',
  kind: 'action',
  tag: 'Subscriptions',
  summary: 'End a subscription for good',
  description: 'Its credentials are revoked.',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: subscriptionParams,
  response: subscription,
  errors: [portalErrors.stateConflict],
  audit: 'subscription.cancel',
  dryRun: true,
});
