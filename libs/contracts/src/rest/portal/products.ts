import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { withForce } from '../force.ts';
import { description, displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';
import { portalErrors } from './portal.errors.ts';
import { guideSummary, referenceSummary } from './product-content.ts';

/** Which routes of one gateway group belong to a product. */
export const productBinding = z
  .strictObject({
    groupId: idSchema('grp'),
    routeIds: z
      .array(z.string().regex(/^[a-zA-Z0-9-_.]{1,64}$/, 'Letters, digits, `-`, `_` and `.`; at most 64.'))
      .min(1)
      .max(1000)
      .refine((ids) => new Set(ids).size === ids.length, 'Each route once.'),
  })
  .meta({ id: 'ProductBinding' });
export type ProductBinding = z.output<typeof productBinding>;

const bindings = z
  .array(productBinding)
  .max(20)
  .refine((list) => new Set(list.map(({ groupId }) => groupId)).size === list.length, 'Each gateway group once.');

/** `public`: anybody sees the product in the catalogue. `developers`: only who is signed in at the site. */
export const productVisibility = z.enum(['public', 'developers']);
export type ProductVisibility = z.output<typeof productVisibility>;

export const productState = z.enum(['draft', 'published']);
export type ProductState = z.output<typeof productState>;

const docs = z
  .string()
  .max(200_000)
  .regex(/^[^\0]*$/, 'NUL is not allowed.')
  .meta({ description: 'Markdown shown on the product’s page: its overview.' });

export const apiProductSummary = z
  .object({
    id: idSchema('prd'),
    name: displayName,
    description,
    visibility: productVisibility,
    state: productState,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'ApiProductSummary' });
export type ApiProductSummary = z.output<typeof apiProductSummary>;

export const apiProduct = apiProductSummary
  .extend({
    bindings: z.array(productBinding),
    docs,
    reference: referenceSummary.nullable().meta({ description: 'Null while the product has no OpenAPI document.' }),
    guides: z.array(guideSummary).meta({ description: 'In the order in which they are shown.' }),
  })
  .meta({ id: 'ApiProduct' });
export type ApiProduct = z.output<typeof apiProduct>;

export const newApiProduct = z
  .strictObject({
    name: displayName,
    description: description.default(''),
    docs: docs.default(''),
    visibility: productVisibility.default('public'),
    bindings: bindings.default([]),
  })
  .meta({ id: 'NewApiProduct' });
export type NewApiProduct = z.output<typeof newApiProduct>;

export const apiProductChange = z
  .strictObject({
    name: displayName.optional(),
    description: description.optional(),
    docs: docs.optional(),
    visibility: productVisibility.optional(),
    bindings: bindings.optional(),
  })
  .meta({ id: 'ApiProductChange' });
export type ApiProductChange = z.output<typeof apiProductChange>;

/** Path of everything below one product. */
export const productParams = z.strictObject({ productId: idSchema('prd') });

export const listApiProducts = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listApiProducts',
  method: 'GET',
  path: '/api/v1/api-products',
  kind: 'list',
  tag: 'API products',
  summary: 'List API products',
  access: { kind: 'permission', permission: 'portal.read' },
  query: pageQuery.extend({
    state: productState.optional(),
    search: searchText('the id, the name or the description'),
  }),
  response: pageOf(apiProductSummary),
});

export const createApiProduct = defineEndpoint({
  service: 'developer-portal',
  operationId: 'createApiProduct',
  method: 'POST',
  path: '/api/v1/api-products',
  kind: 'create',
  tag: 'API products',
  summary: 'Create an API product',
  description: 'The product is a draft: nobody sees it before it is published.',
  access: { kind: 'permission', permission: 'portal.write' },
  body: newApiProduct,
  response: apiProduct,
  errors: [commonErrors.conflict],
  audit: 'api-product.create',
  dryRun: true,
});

export const getApiProduct = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getApiProduct',
  method: 'GET',
  path: '/api/v1/api-products/{productId}',
  kind: 'get',
  tag: 'API products',
  summary: 'Read an API product',
  access: { kind: 'permission', permission: 'portal.read' },
  params: productParams,
  response: apiProduct,
});

export const updateApiProduct = defineEndpoint({
  service: 'developer-portal',
  operationId: 'updateApiProduct',
  method: 'PATCH',
  path: '/api/v1/api-products/{productId}',
  kind: 'update',
  tag: 'API products',
  summary: 'Change an API product',
  description: 'New routes of a published product are checked as publishing does.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  body: apiProductChange,
  response: apiProduct,
  errors: [commonErrors.conflict, portalErrors.productNotPublishable],
  audit: 'api-product.update',
  dryRun: true,
});

export const deleteApiProduct = defineEndpoint({
  service: 'developer-portal',
  operationId: 'deleteApiProduct',
  method: 'DELETE',
  path: '/api/v1/api-products/{productId}',
  kind: 'delete',
  tag: 'API products',
  summary: 'Delete an API product with its plans',
  description:
    'Refused while it is published or has live subscriptions; the answer lists them. Its routes refuse every caller from then on, until another product sells them.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  errors: [commonErrors.inUse, portalErrors.stateConflict],
  audit: 'api-product.delete',
  ...withForce({
    effect: 'it is taken off sale, its subscriptions are cancelled and their keys refused within a second.',
    permissions: ['portal.approve'],
  }),
});

export const publishApiProduct = defineEndpoint({
  service: 'developer-portal',
  operationId: 'publishApiProduct',
  method: 'POST',
  path: '/api/v1/api-products/{productId}/publish',
  kind: 'action',
  tag: 'API products',
  summary: 'Put an API product on sale',
  description:
    'Every route must be in the published revision of its gateway group and ask for a key, unless a plan is keyless. Publishing again changes nothing.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  response: apiProduct,
  errors: [portalErrors.productNotPublishable],
  audit: 'api-product.publish',
  dryRun: true,
});

export const unpublishApiProduct = defineEndpoint({
  service: 'developer-portal',
  operationId: 'unpublishApiProduct',
  method: 'POST',
  path: '/api/v1/api-products/{productId}/unpublish',
  kind: 'action',
  tag: 'API products',
  summary: 'Take an API product off sale',
  description: 'Existing subscriptions keep working. Unpublishing a draft changes nothing.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  response: apiProduct,
  audit: 'api-product.unpublish',
  dryRun: true,
});
