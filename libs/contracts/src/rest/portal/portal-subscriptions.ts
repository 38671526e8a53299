import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { siteParams } from './portal-account.ts';
import { planTerms } from './plans.ts';
import { planPrice } from './portal-catalogue.ts';
import { portalErrors } from './portal.errors.ts';
import { subscription, subscriptionQuota } from './subscriptions.ts';

export const newSubscription = z
  .strictObject({ applicationId: idSchema('app'), planId: idSchema('pln') })
  .meta({ id: 'NewSubscription' });
export type NewSubscription = z.output<typeof newSubscription>;

/** A subscription as its developer reads it: by names, with what holds for it, also when it is no longer on offer. */
export const mySubscription = subscription
  .extend({
    productName: displayName,
    planName: displayName,
    applicationName: displayName,
    requestedPlanName: displayName.nullable().meta({ description: 'Of `requestedPlanVersionId`.' }),
    terms: z
      .object({ ...planTerms.shape, price: planPrice.nullable() })
      .meta({ description: 'Of the plan version that the subscription has; the catalogue may offer newer ones.' }),
  })
  .meta({ id: 'MySubscription' });
export type MySubscription = z.output<typeof mySubscription>;

const subscriptionParams = siteParams.extend({ subscriptionId: idSchema('sub') });

export const listMySubscriptions = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listMySubscriptions',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/subscriptions',
  kind: 'list',
  tag: 'Portal: subscriptions',
  summary: 'List one’s own subscriptions',
  access: { kind: 'developer' },
  params: siteParams,
  query: pageQuery.extend({ applicationId: idSchema('app').optional() }),
  response: pageOf(mySubscription),
});

export const createMySubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'createMySubscription',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions',
  kind: 'create',
  tag: 'Portal: subscriptions',
  summary: 'Subscribe an application to a plan',
  description:
    'Approved at once or pending, as the plan says. Its credentials are refused with 403 until it is approved.',
  access: { kind: 'developer' },
  params: siteParams,
  body: newSubscription,
  response: subscription,
  errors: [
    portalErrors.planNotOffered,
    portalErrors.alreadySubscribed,
    portalErrors.developerNotApproved,
    portalErrors.limitReached,
  ],
  audit: 'subscription.create',
  dryRun: true,
});

export const getMySubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getMySubscription',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}',
  kind: 'get',
  tag: 'Portal: subscriptions',
  summary: 'Read a subscription of one’s own',
  access: { kind: 'developer' },
  params: subscriptionParams,
  response: mySubscription,
});

export const getMySubscriptionQuota = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getMySubscriptionQuota',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/quota',
  kind: 'get',
  tag: 'Portal: subscriptions',
  summary: 'Read how much of its quota a subscription of one’s own has used',
  description: 'A second or two behind the calls.',
  access: { kind: 'developer' },
  params: subscriptionParams,
  response: subscriptionQuota,
});

export const changeMyPlan = defineEndpoint({
  service: 'developer-portal',
  operationId: 'changeMyPlan',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/change-plan',
  kind: 'action',
  tag: 'Portal: subscriptions',
  summary: 'Change to another plan of the same product',
  description: 'At once, or after approval, as the new plan says; until then the present plan stays.',
  access: { kind: 'developer' },
  params: subscriptionParams,
  body: z.strictObject({ planId: idSchema('pln') }).meta({ id: 'PlanChoice' }),
  response: subscription,
  errors: [portalErrors.planNotOffered, portalErrors.stateConflict, portalErrors.developerNotApproved],
  audit: 'subscription.change-plan',
  dryRun: true,
});

export const cancelMySubscription = defineEndpoint({
  service: 'developer-portal',
  operationId: 'cancelMySubscription',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/cancel',
  kind: 'action',
  tag: 'Portal: subscriptions',
  summary: 'End a subscription of one’s own',
  description: 'Its credentials are revoked.',
  access: { kind: 'developer' },
  params: subscriptionParams,
  response: subscription,
  errors: [portalErrors.stateConflict],
  audit: 'subscription.cancel',
  dryRun: true,
});
