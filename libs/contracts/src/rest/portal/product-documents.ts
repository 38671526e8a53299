import { z } from 'zod';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { portalErrors } from './portal.errors.ts';
import { guide, maxGuides, maxReferenceBytes, referenceDocument } from './product-content.ts';
import { apiProduct, productParams } from './products.ts';

export const newReference = z
  .strictObject({
    document: z
      .string()
      .min(2)
      .max(maxReferenceBytes)
      .meta({ description: 'OpenAPI 3.0 or 3.1 as JSON or YAML text; at most 1 MiB.' }),
  })
  .meta({ id: 'NewReference' });
export type NewReference = z.output<typeof newReference>;

export const guideList = z.object({ guides: z.array(guide) }).meta({ id: 'GuideList' });
export type GuideList = z.output<typeof guideList>;

export const guidesChange = z
  .strictObject({
    guides: z
      .array(z.strictObject(guide.shape))
      .max(maxGuides)
      .refine((guides) => new Set(guides.map(({ slug }) => slug)).size === guides.length, 'Each slug once.')
      .meta({ description: 'All guides, in the order in which they are shown.' }),
  })
  .meta({ id: 'GuidesChange' });
export type GuidesChange = z.output<typeof guidesChange>;

export const getProductReference = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getProductReference',
  method: 'GET',
  path: '/api/v1/api-products/{productId}/reference',
  kind: 'get',
  tag: 'API products',
  summary: 'Read the OpenAPI document of a product',
  description: 'The document itself. 404 when the product has none.',
  access: { kind: 'permission', permission: 'portal.read' },
  params: productParams,
  response: referenceDocument,
});

export const putProductReference = defineEndpoint({
  service: 'developer-portal',
  operationId: 'putProductReference',
  method: 'PUT',
  path: '/api/v1/api-products/{productId}/reference',
  kind: 'update',
  tag: 'API products',
  summary: 'Set the OpenAPI document of a product',
  description:
    'Replaces the present one. Developers read it as it is sent, its `servers` included. References must point into the document. ' +
    'The ETag is the product’s, which the answer shows as it is afterwards.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  body: newReference,
  response: apiProduct,
  errors: [portalErrors.referenceInvalid, commonErrors.unavailable],
  audit: 'api-product.set-reference',
  dryRun: true,
  bodyLimitBytes: 3 * maxReferenceBytes,
});

export const deleteProductReference = defineEndpoint({
  service: 'developer-portal',
  operationId: 'deleteProductReference',
  method: 'DELETE',
  path: '/api/v1/api-products/{productId}/reference',
  kind: 'delete',
  tag: 'API products',
  summary: 'Remove the OpenAPI document of a product',
  description: 'The ETag is the product’s. 404 when the product has no document.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  audit: 'api-product.delete-reference',
  dryRun: true,
});

export const getProductGuides = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getProductGuides',
  method: 'GET',
  path: '/api/v1/api-products/{productId}/guides',
  kind: 'get',
  tag: 'API products',
  summary: 'Read the guides of a product with their texts',
  access: { kind: 'permission', permission: 'portal.read' },
  params: productParams,
  response: guideList,
});

export const putProductGuides = defineEndpoint({
  service: 'developer-portal',
  operationId: 'putProductGuides',
  method: 'PUT',
  path: '/api/v1/api-products/{productId}/guides',
  kind: 'update',
  tag: 'API products',
  summary: 'Set the guides of a product',
  description:
    'Replaces them all: what is not sent is removed, and the order is that of the list. At most 4 MiB together. ' +
    'The ETag is the product’s, which the answer shows as it is afterwards.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: productParams,
  body: guidesChange,
  response: apiProduct,
  audit: 'api-product.set-guides',
  dryRun: true,
  bodyLimitBytes: 4 * 1024 * 1024,
});
