import { newId } from '@tollgate/contracts';
import { type PriceSet, priceSet } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { CatalogueProduct, Plan, PlanVersion, ProductPage } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 6 });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const minuteMs = 60_000;

/** Sets a price as analytics does; `inMinutes` from now. */
async function setPrice(planVersionId: string, terms: PriceSet['terms'], inMinutes: number, currency = 'EUR') {
  const effectiveFrom = new Date(Date.now() + inMinutes * minuteMs).toISOString();
  const createdAt = new Date().toISOString();
  const priceId = newId('prc');
  const data = { priceId, planVersionId, currency, terms, effectiveFrom, createdAt };
  const { tenantId } = tenant;
  await portal.publish(
    priceSet.create({ subject: priceId, partitionKey: planVersionId, tenantId, aggregateVersion: 1, data }),
  );
}

const perCall = (unitPrice: string) => ({ model: 'per-call', unitPrice, perCalls: 1, includedCalls: 0 }) as const;
const priceOnPage = async (productId: string) =>
  (await tenant.visit<ProductPage>(`/products/${productId}`)).body.plans[0]?.price;
const soon = { withinMs: 10_000 };

describe('a plan in the catalogue', () => {
  it('says what calls cost now: the price that began last, none that lies ahead', async () => {
    const { product, plan } = await tenant.onSale();
    expect(await priceOnPage(product.id)).toBeNull();
    await setPrice(plan.current.id, perCall('0.001'), -10);
    await eventually(async () => expect(await priceOnPage(product.id)).toMatchObject({ unitPrice: '0.001' }), soon);
    await setPrice(plan.current.id, perCall('0.009'), 60);
    const tiers = [
      { upToCalls: 1000, unitPrice: '0.002' },
      { upToCalls: null, unitPrice: '0.0015' },
    ];
    await setPrice(plan.current.id, { model: 'tiered', tiers, perCalls: 1, includedCalls: 50 }, -1, 'USD');
    const inForce = { model: 'tiered', tiers, perCalls: 1, includedCalls: 50, currency: 'USD' };
    await eventually(async () => expect(await priceOnPage(product.id)).toEqual(inForce), soon);

    const { body } = await tenant.visit<Page<CatalogueProduct>>('/products?limit=200');
    const listed = body.items.find(({ id }) => id === product.id);
    expect(listed?.plans.map(({ price }) => price)).toEqual([inForce]);
  });

  it('has the price of the version on offer, none that an earlier one had', async () => {
    const { product, plan } = await tenant.onSale();
    await setPrice(plan.current.id, perCall('0.5'), -1);
    await eventually(async () => expect(await priceOnPage(product.id)).toMatchObject({ unitPrice: '0.5' }), soon);
    const next = await tenant.admin<PlanVersion>(`/api/v1/plans/${plan.id}/versions`, { body: {} });
    expect(next.status).toBe(201);
    expect(await priceOnPage(product.id)).toBeNull();
    await setPrice(next.body.id, perCall('0.6'), -1);
    await eventually(async () => expect(await priceOnPage(product.id)).toMatchObject({ unitPrice: '0.6' }), soon);
  });

  it('takes its prices along when it is deleted, and late news of them are passed over', async () => {
    const { product, plan } = await tenant.onSale();
    const gone = await tenant.plan(product.id);
    const rows = () =>
      portal.database.query('select price_id from portal.plan_prices where plan_version_id = $1', [gone.current.id]);
    await setPrice(gone.current.id, perCall('1'), -1);
    await eventually(async () => expect(await rows()).toHaveLength(1), soon);
    const { body } = await tenant.admin<Plan>(`/api/v1/plans/${gone.id}`);
    const headers = { 'if-match': `"${body.version}"` };
    expect((await tenant.admin(`/api/v1/plans/${gone.id}`, { method: 'DELETE', headers })).status).toBe(204);
    expect(await rows()).toEqual([]);
    await setPrice(gone.current.id, perCall('2'), -1);
    await setPrice(plan.current.id, perCall('3'), -1);
    await eventually(async () => expect(await priceOnPage(product.id)).toMatchObject({ unitPrice: '3' }), soon);
    expect(await rows()).toEqual([]);
  });
});
