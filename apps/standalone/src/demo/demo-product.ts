import type { TollgateClient } from '@tollgate/client';
import { dataOf, eventually } from './answers.ts';
import { bookshopDocument } from './bookshop-document.ts';
import { guides, overview, siteDescription } from './bookshop-pages.ts';

const plans = [
  {
    name: 'Standard',
    description: 'For trying out and for small programs. Works at once.',
    limit: { calls: 60, windowSeconds: 60 },
    quota: { calls: 100_000, period: 'month' },
    approval: 'automatic',
    unitPrice: '0.002',
    includedCalls: 0,
  },
  {
    name: 'Business',
    description:
      'For programs that many people use. The shop says yes first; the first 10,000 calls of a month cost nothing.',
    limit: { calls: 600, windowSeconds: 60 },
    quota: { calls: 5_000_000, period: 'month' },
    approval: 'manual',
    unitPrice: '0.001',
    includedCalls: 10_000,
  },
] as const;

async function addPlan(
  admin: TollgateClient,
  productId: string,
  { unitPrice, includedCalls, ...terms }: (typeof plans)[number],
): Promise<string> {
  const plan = await dataOf(
    admin.POST('/api/v1/api-products/{productId}/plans', {
      params: { path: { productId } },
      body: { ...terms, keyless: false },
    }),
  );
  await admin.POST('/api/v1/prices', {
    body: {
      planVersionId: plan.current.id,
      currency: 'EUR',
      model: 'per-call',
      unitPrice,
      perCalls: 1,
      includedCalls,
    },
  });
  return plan.id;
}

/** A documented product with two plans, on sale. Returns the plan that anybody may subscribe to. */
export async function sellBookshop(
  admin: TollgateClient,
  { groupId, routeIds, url }: { groupId: string; routeIds: string[]; url: string },
): Promise<string> {
  const product = await dataOf(
    admin.POST('/api/v1/api-products', {
      body: {
        name: 'Bookshop API',
        description: 'Browse the shelves by program.',
        docs: overview,
        visibility: 'public',
        bindings: [{ groupId, routeIds }],
      },
    }),
  );
  const path = { productId: product.id };
  const ifMatch = (version: number) => ({ path, header: { 'if-match': `"${version}"` } });
  const referred = await dataOf(
    admin.PUT('/api/v1/api-products/{productId}/reference', {
      params: ifMatch(product.version),
      body: { document: JSON.stringify(bookshopDocument(url)) },
    }),
  );
  await admin.PUT('/api/v1/api-products/{productId}/guides', {
    params: ifMatch(referred.version),
    body: { guides: guides(url) },
  });
  const [standard, business] = plans;
  const planId = await addPlan(admin, product.id, standard);
  await addPlan(admin, product.id, business);
  await admin.POST('/api/v1/api-products/{productId}/publish', { params: { path } });
  return planId;
}

/** Gives the tenant's portal site its text, once the portal has heard of the tenant. Returns the site's slug. */
export async function showSite(admin: TollgateClient): Promise<string> {
  const { id, slug, version } = await eventually(
    'the portal site',
    async () => (await dataOf(admin.GET('/api/v1/portal-sites'))).items[0],
  );
  await admin.PATCH('/api/v1/portal-sites/{siteId}', {
    params: { path: { siteId: id }, header: { 'if-match': `"${version}"` } },
    body: { description: siteDescription, accentColor: 'amber' },
  });
  return slug;
}
