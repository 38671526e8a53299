import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { description, displayName } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { plan } from './plans.ts';
import { siteParams } from './portal-account.ts';
import { productVisibility } from './products.ts';

/** A plan as the catalogue shows it. Its price is asked for at `analytics` by `versionId`. */
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
  query: pageQuery.extend({
    search: z.string().trim().min(1).max(100).optional().meta({ description: 'Part of the name or the description.' }),
  }),
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
  params: siteParams.extend({ productId: idSchema('prd') }),
  response: productPage,
});
