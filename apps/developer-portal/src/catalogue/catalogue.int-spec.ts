import type { Page } from '@tollgate/contracts/rest';
import { type CatalogueProduct, listCatalogue, listMyApplications } from '@tollgate/contracts/rest/portal';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal(
    { databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 9 },
    { RATE_LIMIT_SENSITIVE_PER_MINUTE: '40' },
  );
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const names = async (path: string, authorization?: string) => {
  const { body } = await tenant.visit<Page<CatalogueProduct>>(path, { authorization });
  return body.items.map(({ name }) => name);
};

describe('the catalogue', () => {
  it('shows products for signed-in developers to developers of the site only', async () => {
    const { product } = await tenant.onSale({}, { name: 'Members only', visibility: 'developers' });
    const { authorization } = await tenant.developer({ approved: false });
    const stranger = await (await PortalTenant.create(portal)).developer();
    expect(await names('/products', authorization)).toContain(product.name);
    for (const none of [undefined, stranger.authorization, 'Bearer nonsense']) {
      expect(await names('/products', none)).not.toContain(product.name);
      expect((await tenant.visit(`/products/${product.id}`, { authorization: none })).status).toBe(404);
    }
    expect((await tenant.visit(`/products/${product.id}`, { authorization })).status).toBe(200);
  });

  it('is searched by name and description, in any case, and takes no pattern for one', async () => {
    await tenant.onSale({}, { name: 'Weather', description: 'Rain and 100% sun' });
    await tenant.onSale({}, { name: 'Parcels', description: 'Where they are' });
    expect(await names('/products?search=weather')).toEqual(['Weather']);
    expect(await names('/products?search=SUN')).toEqual(['Weather']);
    expect(await names(`/products?search=${encodeURIComponent('100%')}`)).toEqual(['Weather']);
    expect(await names('/products?search=%25')).toEqual(['Weather']);
    await tenant.onSale({}, { name: '图书接口', description: 'ÉTAGÈRE' });
    expect(await names(`/products?search=${encodeURIComponent('图书')}`)).toEqual(['图书接口']);
    expect(await names(`/products?search=${encodeURIComponent('étagère')}`)).toEqual(['图书接口']);
    expect((await tenant.visit('/products?search=')).status).toBe(400);
  });

  it('is read page by page', async () => {
    const first = await tenant.visit<Page<CatalogueProduct>>('/products?limit=1');
    expect(first.body.items).toHaveLength(1);
    const rest = await tenant.visit<Page<CatalogueProduct>>(`/products?cursor=${first.body.nextCursor}`);
    expect(rest.body.items.map(({ id }) => id)).not.toContain(first.body.items[0]?.id);
  });
});

describe('the public port', () => {
  const visit = (path: string) => fetch(portal.publicUrl + path);

  it('serves a page that loads nothing, the API of the portal and its document', async () => {
    const page = await visit('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy');
    const text = await page.text();
    expect(policy).toContain("default-src 'none'; script-src 'self'; ");
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/\b(src|href)="(https?:)?\/\//);
    const scripts = [...text.matchAll(/<script[^>]*src="([^"]+)"/g)].map(([, address = '']) => address);
    expect(scripts.length).toBeGreaterThan(0);
    expect(await Promise.all(scripts.map(async (address) => (await visit(address)).status))).toEqual(
      scripts.map(() => 200),
    );
    expect((await visit('/healthz')).status).toBe(200);
    expect((await visit(`/api/v1/portal/${tenant.slug}/products`)).status).toBe(200);
    const document = (await (await visit('/api/openapi.json')).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining([listCatalogue.path, listMyApplications.path]));
    expect(Object.keys(document.paths).filter((path) => !path.startsWith('/api/v1/portal/'))).toEqual([]);
  });

  it.each(['/api/v1/api-products', '/internal/v1/portal/products', '/INTERNAL/v1/portal/products', '/api/v1/portal'])(
    'does not know %s',
    async (path) => {
      expect((await visit(path)).status).toBe(404);
    },
  );

  it.each(['/metrics', '/readyz', '/some-site/products'])('answers %s with its page and nothing else', async (path) => {
    expect(await (await visit(path)).text()).toContain('<div id="app"></div>');
  });

  it('lets no page of another origin read answers', async () => {
    const response = await fetch(`${portal.publicUrl}/api/v1/portal/${tenant.slug}/products`, {
      headers: { origin: 'https://elsewhere.test' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('too many sign-ups from one address', () => {
  it('are answered with 429 and the time to wait', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const attempts = Array.from({ length: 41 }, () => tenant.visit('/sign-up', { body: {}, headers }));
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    const refused = await tenant.visit('/sign-up', { body: {}, headers });
    expect(refused).toMatchObject({ status: 429, body: { code: 'request.rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
