import type { components, TollgateClient } from '@tollgate/client';
import { expectThat } from './journey-log.ts';
import { dataOf, type World } from './world.ts';

export type Product = components['schemas']['ApiProduct'];
export type Plan = components['schemas']['Plan'];
type PlanQuota = NonNullable<Plan['current']['quota']>;

/** Calls per minute that the main plan allows. */
export const planCallsPerMinute = 120;
/** Quota of plans that are not about quotas. */
const amplePlanQuota: PlanQuota = { calls: 1_000_000, period: 'month' };
/** Price of a call. */
export const unitPrice = '0.0125';

/** A product with its one plan. */
export interface ProductOnSale {
  product: Product;
  plan: Plan;
  /** Path that one of its routes answers. */
  path: string;
}

async function routeIdByUri(admin: TollgateClient, groupId: string, uri: string): Promise<string> {
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const page = await dataOf(
      admin.GET('/api/v1/gateway-groups/{groupId}/routes', { params: { path: { groupId }, query } }),
    );
    const found = page.items.find(
      ({ value }) => value['uri'] === uri || (Array.isArray(value['uris']) && value['uris'].includes(uri)),
    );
    if (found !== undefined) return found.id;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  throw new Error(`no route answers ${uri}`);
}

/** Makes a product of one route with one plan, sets its price and publishes it. */
export async function sellProduct(
  world: World,
  admin: TollgateClient,
  groupId: string,
  what: { name: string; path: string; approval: 'manual' | 'automatic'; callsPerMinute: number; quota?: PlanQuota },
): Promise<ProductOnSale> {
  const { log } = world;
  const { quota = amplePlanQuota } = what;
  const routeId = await routeIdByUri(admin, groupId, what.path);
  const product = await log.step(
    `Create the API product “${what.name}”`,
    `POST /api/v1/api-products with route ${routeId}`,
    () =>
      dataOf(
        admin.POST('/api/v1/api-products', {
          body: {
            name: what.name,
            description: '',
            docs: '# Hello',
            visibility: 'public',
            bindings: [{ groupId, routeIds: [routeId] }],
          },
        }),
      ),
    ({ id }) => `201 ${id}`,
  );
  const plan = await log.step(
    'Add a plan',
    `POST …/plans: ${what.callsPerMinute} calls a minute, ${quota.calls} a ${quota.period}, approval ${what.approval}`,
    () =>
      dataOf(
        admin.POST('/api/v1/api-products/{productId}/plans', {
          params: { path: { productId: product.id } },
          body: {
            name: 'Standard',
            description: '',
            keyless: false,
            limit: { calls: what.callsPerMinute, windowSeconds: 60 },
            quota,
            approval: what.approval,
          },
        }),
      ),
    ({ current }) => `201 ${current.id}`,
  );
  await log.step(
    'Set its price',
    `POST /api/v1/prices ${unitPrice} EUR a call`,
    () =>
      dataOf(
        admin.POST('/api/v1/prices', {
          body: {
            planVersionId: plan.current.id,
            currency: 'EUR',
            model: 'per-call',
            unitPrice,
            perCalls: 1,
            includedCalls: 0,
          },
        }),
      ),
    ({ id }) => `201 ${id}`,
  );
  const published = await log.step(
    'Publish the product',
    'POST …/publish',
    () =>
      dataOf(admin.POST('/api/v1/api-products/{productId}/publish', { params: { path: { productId: product.id } } })),
    ({ state }) => state,
  );
  expectThat(published.state === 'published', 'the product is published');
  return { product: published, plan, path: what.path };
}
