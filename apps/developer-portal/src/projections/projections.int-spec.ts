import { newId } from '@tollgate/contracts';
import type { Page } from '@tollgate/contracts/rest';
import type { ApiProduct, PortalSite, ProductPage, PublicSite } from '@tollgate/contracts/rest/portal';
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

const reconcile = async () => {
  const authorization = await portal.service();
  return (await portal.request('/internal/v1/portal/reconcile', { method: 'POST', authorization })).body;
};

describe('reconciliation', () => {
  it('brings back what events did not, and then finds nothing more to do', async () => {
    const known = await PortalTenant.create(portal);
    const { product } = await known.onSale();
    const hosts = async () => (await known.visit<ProductPage>(`/products/${product.id}`)).body.hosts;
    const lost = {
      tenantId: newId('tnt'),
      slug: `lost-${known.slug}`,
      name: 'Lost',
      status: 'active',
      version: 1,
    } as const;
    const { tenantId, slug, groupId } = known;
    portal.iam.setTenants([lost, { tenantId, slug, name: 'Acme', status: 'suspended', version: 2 }]);
    portal.gatewayManager.setGroups(tenantId, [{ groupId, name: 'main', hosts: ['new.gateways.test'] }]);

    expect(await reconcile()).toEqual({ checked: 3, drift: 3 });
    expect((await known.visit<PublicSite>('')).body.signUpOpen).toBe(false);
    expect(await hosts()).toEqual(['new.gateways.test']);
    const authorization = await portal.console(lost.tenantId);
    const sites = await portal.request<Page<PortalSite>>('/api/v1/portal-sites', { authorization });
    expect(sites.body.items).toMatchObject([{ slug: lost.slug, name: 'Lost' }]);
    expect(await reconcile()).toEqual({ checked: 3, drift: 0 });

    portal.gatewayManager.setGroups(tenantId, []);
    expect(await reconcile()).toEqual({ checked: 3, drift: 1 });
    const { body: left } = await known.admin<ApiProduct>(`/api/v1/api-products/${product.id}`);
    expect(left).toMatchObject({ state: 'draft', bindings: [] });
    expect(await reconcile()).toEqual({ checked: 2, drift: 0 });
  });
});
