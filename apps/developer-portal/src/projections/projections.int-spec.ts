import { newId } from '@tollgate/contracts';
import { type PriceSet, quotaMetered } from '@tollgate/contracts/events';
import type { Page, RebuildReport } from '@tollgate/contracts/rest';
import type {
  ApiProduct,
  PortalSite,
  ProductPage,
  PublicSite,
  SubscriptionQuota,
} from '@tollgate/contracts/rest/portal';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;

beforeAll(async () => {
  portal = await startPortal({
    databaseUrl: inject('databaseUrl'),
    redisUrl: inject('redisUrl'),
    redisDatabase: 7,
  });
});
afterAll(() => portal.close());

async function rebuild(tenantId: string): Promise<Record<string, { checked: number; drift: number }>> {
  const authorization = await portal.service(tenantId);
  const path = '/internal/v1/projections/developer-portal/rebuild';
  const { projections } = (await portal.request<RebuildReport>(path, { method: 'POST', authorization })).body;
  return Object.fromEntries(projections.map(({ projection, checked, drift }) => [projection, { checked, drift }]));
}

const nothing = { checked: 1, drift: 0 };
const none = { checked: 0, drift: 0 };
const one = { checked: 1, drift: 1 };

describe('rebuilding projections', () => {
  it('brings back what events did not tell, and then finds nothing more to do', async () => {
    const known = await PortalTenant.create(portal);
    const { product } = await known.onSale();
    const hosts = async () => (await known.visit<ProductPage>(`/products/${product.id}`)).body.hosts;
    const { tenantId, slug, groupId } = known;
    portal.iam.setTenants([{ tenantId, slug, name: 'Acme', status: 'suspended', version: 2 }]);
    portal.gatewayManager.setGroups(tenantId, [{ groupId, name: 'main', hosts: ['new.gateways.test'] }]);

    expect(await rebuild(tenantId)).toEqual({ 'portal-sites': one, 'gateway-groups': one, quotas: none, prices: none });
    expect((await known.visit<PublicSite>('')).body.signUpOpen).toBe(false);
    expect(await hosts()).toEqual(['new.gateways.test']);
    expect(await rebuild(tenantId)).toEqual({
      'portal-sites': nothing,
      'gateway-groups': nothing,
      quotas: none,
      prices: none,
    });

    portal.gatewayManager.setGroups(tenantId, []);
    expect(await rebuild(tenantId)).toMatchObject({ 'gateway-groups': one });
    const { body: left } = await known.admin<ApiProduct>(`/api/v1/api-products/${product.id}`);
    expect(left).toMatchObject({ state: 'draft', bindings: [] });
    expect(await rebuild(tenantId)).toMatchObject({ 'gateway-groups': none });
  });

  it('makes the site of a tenant that was never heard of', async () => {
    const tenantId = newId('tnt');
    const slug = `lost-${tenantId.slice(-8)}`;
    portal.iam.setTenants([{ tenantId, slug, name: 'Lost', status: 'active', version: 1 }]);
    expect(await rebuild(tenantId)).toMatchObject({ 'portal-sites': one });
    const authorization = await portal.console(tenantId);
    const sites = await portal.request<Page<PortalSite>>('/api/v1/portal-sites', { authorization });
    expect(sites.body.items).toMatchObject([{ slug, name: 'Lost' }]);
    expect(await rebuild(tenantId)).toMatchObject({ 'portal-sites': nothing });
  });

  it('puts right what was damaged', async () => {
    const { tenantId, slug, groupId } = await PortalTenant.create(portal);
    portal.iam.setTenants([{ tenantId, slug, name: 'Acme', status: 'active', version: 1 }]);
    portal.gatewayManager.setGroups(tenantId, [{ groupId, name: 'main', hosts: ['main.gateways.test'] }]);
    await rebuild(tenantId);
    const run = (sql: string) => portal.database.query(sql, [tenantId]);
    await run('update portal.portal_sites set sign_up_open = false where tenant_id = $1');
    await run(`update portal.gateway_groups set deleted = true, name = 'gone' where tenant_id = $1`);

    expect(await rebuild(tenantId)).toEqual({ 'portal-sites': one, 'gateway-groups': one, quotas: none, prices: none });
    expect(await run('select sign_up_open from portal.portal_sites where tenant_id = $1')).toEqual([
      { sign_up_open: true },
    ]);
    expect(await run('select name, deleted from portal.gateway_groups where tenant_id = $1')).toEqual([
      { name: 'main', deleted: false },
    ]);
    expect(await rebuild(tenantId)).toEqual({
      'portal-sites': nothing,
      'gateway-groups': nothing,
      quotas: none,
      prices: none,
    });
  });

  it('puts right what is used of a quota, but leaves what was told just now to its event', async () => {
    const tenant = await PortalTenant.create(portal);
    const { plan } = await tenant.onSale({ quota: { calls: 100, period: 'month' } });
    const { subscription } = await tenant.subscribed(await tenant.developer(), plan.id);
    const { tenantId } = tenant;
    const dayMs = 86_400_000;
    const [periodStart, periodEnd] = [-dayMs, dayMs].map((ms) => new Date(Date.now() + ms).toISOString());
    const told = (used: number, version: number, agoMs: number) => {
      const quota = quotaMetered.schema.parse({
        subscriptionId: subscription.id,
        planVersionId: subscription.planVersionId,
        period: 'month',
        periodStart,
        periodEnd,
        limit: 100,
        used,
        watermarks: [],
      });
      portal.analytics.setQuotas(tenantId, [{ ...quota, version, toldAt: new Date(Date.now() - agoMs).toISOString() }]);
    };
    const used = async () =>
      (await tenant.admin<SubscriptionQuota>(`/api/v1/subscriptions/${subscription.id}/quota`)).body.used;

    told(30, 2, dayMs);
    expect(await rebuild(tenantId)).toMatchObject({ quotas: one });
    expect(await used()).toBe(30);
    await portal.database.query('update portal.subscription_quotas set used = 99 where tenant_id = $1', [tenantId]);
    expect(await rebuild(tenantId)).toMatchObject({ quotas: one });
    expect(await used()).toBe(30);
    expect(await rebuild(tenantId)).toMatchObject({ quotas: nothing });

    told(40, 3, 0);
    expect(await rebuild(tenantId)).toMatchObject({ quotas: nothing });
    told(10, 1, dayMs);
    expect(await rebuild(tenantId)).toMatchObject({ quotas: nothing });
    expect(await used()).toBe(30);
  });

  it('puts right what calls cost, but leaves a price that was set just now to its event', async () => {
    const tenant = await PortalTenant.create(portal);
    const { product, plan } = await tenant.onSale();
    const { tenantId, groupId } = tenant;
    portal.gatewayManager.setGroups(tenantId, [{ groupId, name: 'main', hosts: [tenant.host] }]);
    const priceOf = (unitPrice: string, agoMs: number): PriceSet => {
      const at = new Date(Date.now() - agoMs).toISOString();
      const terms = { model: 'per-call', unitPrice, perCalls: 1, includedCalls: 0 } as const;
      const priceId = newId('prc');
      return { priceId, planVersionId: plan.current.id, currency: 'EUR', terms, effectiveFrom: at, createdAt: at };
    };
    const shown = async () =>
      (await tenant.visit<ProductPage>(`/products/${product.id}`)).body.plans[0]?.price?.unitPrice;
    const hourMs = 3_600_000;
    const before = priceOf('0.01', hourMs);

    portal.analytics.setPrices(tenantId, [before]);
    expect(await rebuild(tenantId)).toMatchObject({ prices: one });
    expect(await shown()).toBe('0.01');
    await portal.database.query(`update portal.plan_prices set price = '{}' where tenant_id = $1`, [tenantId]);
    expect(await rebuild(tenantId)).toMatchObject({ prices: one });
    expect(await shown()).toBe('0.01');
    expect(await rebuild(tenantId)).toMatchObject({ prices: nothing });

    portal.analytics.setPrices(tenantId, [before, priceOf('0.02', 0)]);
    expect(await rebuild(tenantId)).toMatchObject({ prices: { checked: 2, drift: 0 } });
    expect(await shown()).toBe('0.01');
    portal.analytics.setPrices(tenantId, []);
    expect(await rebuild(tenantId)).toMatchObject({ prices: one });
    expect(await shown()).toBeUndefined();
  });
});
