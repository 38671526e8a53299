import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { planLimit, planQuota } from '../../events/portal.events.ts';
import { defineEndpoint } from '../endpoint.ts';
import { withForce } from '../force.ts';
import { description, displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { portalErrors } from './portal.errors.ts';
import { approvalMode } from './sites.ts';

const limit = planLimit.strict().nullable().meta({ description: 'Calls per window; beyond it 429. Null: no limit.' });
const quota = planQuota.strict().nullable().meta({ description: 'Calls per calendar day or month. Null: no quota.' });

/** What a subscriber agrees to. It never changes; other terms are another version. */
export const planVersion = z
  .object({
    id: idSchema('plv'),
    planId: idSchema('pln'),
    number: z.number().int().positive().meta({ description: 'Counts from 1 within the plan.' }),
    limit,
    quota,
    approval: approvalMode,
    createdAt: timestamp,
  })
  .meta({ id: 'PlanVersion' });
export type PlanVersion = z.output<typeof planVersion>;

export const plan = z
  .object({
    id: idSchema('pln'),
    productId: idSchema('prd'),
    name: displayName,
    description,
    keyless: z.boolean().meta({ description: 'Calls need no key and no subscription.' }),
    retired: z.boolean().meta({ description: 'A retired plan takes no new subscriptions; existing ones keep it.' }),
    current: planVersion,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Plan' });
export type Plan = z.output<typeof plan>;

export const planTerms = z
  .strictObject({ limit: limit.default(null), quota: quota.default(null), approval: approvalMode.default('manual') })
  .meta({ id: 'PlanTerms' });
export type PlanTerms = z.output<typeof planTerms>;

export const newPlan = planTerms
  .extend({ name: displayName, description: description.default(''), keyless: z.boolean().default(false) })
  .meta({ id: 'NewPlan' });
export type NewPlan = z.output<typeof newPlan>;

export const planChange = z
  .strictObject({ name: displayName.optional(), description: description.optional(), retired: z.boolean().optional() })
  .meta({ id: 'PlanChange' });
export type PlanChange = z.output<typeof planChange>;

const planParams = z.strictObject({ planId: idSchema('pln') });
const productParams = z.strictObject({ productId: idSchema('prd') });

export const listPlans = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listPlans',
  method: 'GET',
  path: '/api/v1/api-products/{productId}/plans',
  kind: 'list',
  tag: 'Plans',
  summary: 'List the plans of a product',
  access: { kind: 'permission', permission: 'portal.read' },
  params: productParams,
  query: pageQuery,
  response: pageOf(plan),
});

export const createPlan = defineEndpoint({
  service: 'developer-portal',
  operationId: 'createPlan',
  method: 'POST',
  path: '/api/v1/api-products/{productId}/plans',
  kind: 'create',
  tag: 'Plans',
  summary: 'Create a plan with its first version',
  description: 'The price of `current.id` is set at `/api/v1/prices`.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  body: newPlan,
  response: plan,
  errors: [commonErrors.conflict, portalErrors.limitReached],
  audit: 'plan.create',
  dryRun: true,
});

export const getPlan = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getPlan',
  method: 'GET',
  path: '/api/v1/plans/{planId}',
  kind: 'get',
  tag: 'Plans',
  summary: 'Read a plan',
  access: { kind: 'permission', permission: 'portal.read' },
  params: planParams,
  response: plan,
});

export const updatePlan = defineEndpoint({
  service: 'developer-portal',
  operationId: 'updatePlan',
  method: 'PATCH',
  path: '/api/v1/plans/{planId}',
  kind: 'update',
  tag: 'Plans',
  summary: 'Rename or retire a plan',
  access: { kind: 'permission', permission: 'portal.write' },
  params: planParams,
  body: planChange,
  response: plan,
  errors: [commonErrors.conflict, portalErrors.stateConflict],
  audit: 'plan.update',
  dryRun: true,
});

export const deletePlan = defineEndpoint({
  service: 'developer-portal',
  operationId: 'deletePlan',
  method: 'DELETE',
  path: '/api/v1/plans/{planId}',
  kind: 'delete',
  tag: 'Plans',
  summary: 'Delete a plan with its versions',
  description:
    'Refused while live subscriptions have it or ask to change to it, which the answer lists. The last plan of a published product is never deleted: take the product off sale first.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: planParams,
  errors: [commonErrors.inUse, portalErrors.stateConflict],
  audit: 'plan.delete',
  ...withForce({
    effect:
      'its subscriptions are cancelled and their keys refused within a second; those that only ask to change to it keep the plan they have.',
    permissions: ['portal.approve'],
  }),
});

export const listPlanVersions = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listPlanVersions',
  method: 'GET',
  path: '/api/v1/plans/{planId}/versions',
  kind: 'list',
  tag: 'Plans',
  summary: 'List the versions of a plan',
  access: { kind: 'permission', permission: 'portal.read' },
  params: planParams,
  query: pageQuery,
  response: pageOf(planVersion),
});

export const createPlanVersion = defineEndpoint({
  service: 'developer-portal',
  operationId: 'createPlanVersion',
  method: 'POST',
  path: '/api/v1/plans/{planId}/versions',
  kind: 'create',
  tag: 'Plans',
  summary: 'Give a plan new terms',
  description: 'New subscriptions get the new version; existing ones keep theirs until their plan is changed.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: planParams,
  body: planTerms,
  response: planVersion,
  errors: [commonErrors.conflict, portalErrors.limitReached, portalErrors.stateConflict],
  audit: 'plan.add-version',
  dryRun: true,
});
