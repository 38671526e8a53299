import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { planLimit, planQuota } from '../../events/portal.events.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { defineRebuild } from '../projections.ts';
import { credentialKind, credentialState } from './credentials.ts';
import { productBinding, productState } from './products.ts';
import { subscriptionState } from './subscriptions.ts';

const tag = 'Snapshots';

/** A product as the events announce it. */
export const productSnapshot = z.object({
  productId: idSchema('prd'),
  name: z.string(),
  state: productState,
  bindings: z.array(productBinding),
  planVersionIds: z.array(idSchema('plv')),
  keyless: z.boolean(),
  version,
});
export type ProductSnapshot = z.output<typeof productSnapshot>;

/** A plan version as the events announce it. */
export const planVersionSnapshot = z.object({
  planId: idSchema('pln'),
  planVersionId: idSchema('plv'),
  productId: idSchema('prd'),
  version: z.number().int().positive(),
  name: z.string(),
  limit: planLimit.nullable(),
  quota: planQuota.nullable(),
});
export type PlanVersionSnapshot = z.output<typeof planVersionSnapshot>;

/** A subscription as the events announce it. */
export const subscriptionSnapshot = z.object({
  subscriptionId: idSchema('sub'),
  applicationId: idSchema('app'),
  applicationName: z.string(),
  developerId: idSchema('dev'),
  productId: idSchema('prd'),
  planVersionId: idSchema('plv'),
  groupIds: z.array(idSchema('grp')),
  state: subscriptionState,
  planSince: timestamp
    .nullable()
    .meta({ description: 'Since when the plan version is in force; null while it never was.' }),
  version,
});
export type SubscriptionSnapshot = z.output<typeof subscriptionSnapshot>;

/** A credential as the events announce it; revoked ones are listed too, so that they stay refused. */
export const credentialSnapshot = z.object({
  credentialId: idSchema('crd'),
  subscriptionId: idSchema('sub'),
  groupIds: z.array(idSchema('grp')),
  keySha256: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: timestamp.nullable(),
  state: credentialState,
  kind: credentialKind.default('key'),
  version,
});
export type CredentialSnapshot = z.output<typeof credentialSnapshot>;

/** Snapshots for projections; service access, each acts in the tenant that the caller names. */
export const listProductSnapshots = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listProductSnapshots',
  method: 'GET',
  path: '/internal/v1/portal/products',
  kind: 'list',
  tag,
  summary: 'List the products of a tenant',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(productSnapshot),
});

export const listPlanVersionSnapshots = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listPlanVersionSnapshots',
  method: 'GET',
  path: '/internal/v1/portal/plans',
  kind: 'list',
  tag,
  summary: 'List the versions of all plans of a tenant',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(planVersionSnapshot),
});

export const listSubscriptionSnapshots = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listSubscriptionSnapshots',
  method: 'GET',
  path: '/internal/v1/portal/subscriptions',
  kind: 'list',
  tag,
  summary: 'List the subscriptions of a tenant',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(subscriptionSnapshot),
});

export const listCredentialSnapshots = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listCredentialSnapshots',
  method: 'GET',
  path: '/internal/v1/portal/credentials',
  kind: 'list',
  tag,
  summary: 'List the credentials of a tenant',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(credentialSnapshot),
});

/** Rebuilds what the portal knows of iam, of gateway-manager and of analytics, for the tenant that the caller names. */
export const rebuildPortalProjections = defineRebuild('developer-portal', 'rebuildPortalProjections');
