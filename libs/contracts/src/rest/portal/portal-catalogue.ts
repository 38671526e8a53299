import { z } from 'zod';
import { currency, priceTerms } from '../../events/price-terms.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { description, displayName, slug } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';
import { plan } from './plans.ts';
import { guide, guideSummary, referenceDocument, referenceSummary } from './product-content.ts';
import { siteParams } from './portal-account.ts';
import { productVisibility } from './products.ts';

/** What calls cost in a plan; `analytics` owns it. */
export const planPrice = z
  .object({ ...priceTerms.shape, currency })
  .meta({ id: 'PlanPrice', description: 'What calls cost, as it is in force now.' });
export type PlanPrice = z.output<typeof planPrice>;

/** A plan as the catalogue shows it. */
export const offeredPlan = z
  .object({
    id: plan.shape.id,
    versionId: idSchema('plv'),
    name: displayName,
    description,
    keyless: plan.shape.keyless,
    limit: plan.shape.current.shape.limit,
    quota: plan.shape.current.shape.quota,
    approval: plan.shape.current.shape.approval,
    price: planPrice.nullable().meta({ description: 'Null while the version of the plan has none.' }),
  })
  .meta({ id: 'OfferedPlan' });
export type OfferedPlan = z.output<typeof offeredPlan>;

export const catalogueProduct = z
  .object({
    id: idSchema('prd'),
    name: displayName,
    description,
    visibility: productVisibility,
    plans: z.array(offeredPlan),
  })
  .meta({ id: 'CatalogueProduct' });
export type CatalogueProduct = z.output<typeof catalogueProduct>;

export const productPage = catalogueProduct
  .extend({
    docs: z.string().meta({ description: 'Markdown.' }),
    reference: referenceSummary.nullable(),
    guides: z.array(guideSummary),
    hosts: z.array(z.string()).meta({ description: 'Hosts of the gateway groups that serve the product.' }),
    gateways: z
      .array(
        z.object({
          groupId: idSchema('grp'),
          hosts: z.array(z.string()),
          addresses: z.array(z.string()).meta({ description: 'URLs below which calls go; empty: not known.' }),
        }),
      )
      .meta({ description: 'The gateway groups that serve the product; the first is where tries go by default.' }),
  })
  .meta({ id: 'ProductPage' });
export type ProductPage = z.output<typeof productPage>;

const catalogueParams = siteParams.extend({ productId: idSchema('prd') });

export const listCatalogue = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listCatalogue',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/products',
  kind: 'list',
  tag: 'Portal: catalogue',
  summary: 'List the published products',
  description: 'Without a developer’s token only those that anybody may see.',
  access: { kind: 'public' },
  params: siteParams,
  query: pageQuery.extend({ search: searchText('the name or the description') }),
  response: pageOf(catalogueProduct),
});

export const getProductPage = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getProductPage',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/products/{productId}',
  kind: 'get',
  tag: 'Portal: catalogue',
  summary: 'Read all that a product’s page shows',
  access: { kind: 'public' },
  params: catalogueParams,
  response: productPage,
});

export const getCatalogueReference = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getCatalogueReference',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/products/{productId}/reference',
  kind: 'get',
  tag: 'Portal: catalogue',
  summary: 'Read the OpenAPI document of a product',
  description: 'The document itself, for whoever sees the product. 404 when it has none.',
  access: { kind: 'public' },
  params: catalogueParams,
  response: referenceDocument,
});

export const getCatalogueGuide = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getCatalogueGuide',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/products/{productId}/guides/{guideSlug}',
  kind: 'get',
  tag: 'Portal: catalogue',
  summary: 'Read a guide of a product',
  access: { kind: 'public' },
  params: catalogueParams.extend({ guideSlug: slug }),
  response: guide,
});
