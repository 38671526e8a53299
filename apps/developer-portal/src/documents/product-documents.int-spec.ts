import { productPublished } from '@tollgate/contracts/events';
import type { Problem } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import type { ApiProduct, Guide, GuideList, ProductPage, ReferenceDocument } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { stringify } from 'yaml';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { sampleReference } from '../testing/sample-reference.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 5 });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const pathOf = ({ id }: { id: string }) => `/api/v1/api-products/${id}`;
const write = <T = ApiProduct & Problem>(product: ApiProduct, what: string, body: unknown, query = '') =>
  tenant.admin<T>(`${pathOf(product)}/${what}${query}`, {
    method: body === undefined ? 'DELETE' : 'PUT',
    ...(body === undefined ? {} : { body }),
    headers: { 'if-match': `"${product.version}"` },
  });
const present = async (product: ApiProduct) => (await tenant.admin<ApiProduct>(pathOf(product))).body;

const document = JSON.stringify(sampleReference);
const guides: Guide[] = [
  { slug: 'start', title: 'First call', markdown: '# Hello' },
  { slug: 'errors', title: '错误', markdown: '' },
];

describe('the reference of a product', () => {
  it('is read by admins and by whoever sees the product, exactly as it was sent', async () => {
    const { product } = await tenant.onSale();
    const set = await write(product, 'reference', { document: stringify(sampleReference) });
    const reference = { title: 'Orders', specification: 'openapi-3.0', operations: 2 };
    expect(set).toMatchObject({ status: 200, body: { version: product.version + 1, reference } });
    expect(set.headers.get('etag')).toBe(`"${product.version + 1}"`);
    const admins = await tenant.admin<ReferenceDocument>(`${pathOf(product)}/reference`);
    expect(JSON.stringify(admins.body)).toBe(document);
    const visitors = await tenant.visit<ReferenceDocument>(`/products/${product.id}/reference`);
    expect(JSON.stringify(visitors.body)).toBe(document);
    expect((await tenant.visit<ProductPage>(`/products/${product.id}`)).body.reference).toMatchObject(reference);
  });

  it('is not read by those who do not see the product', async () => {
    const draft = await tenant.product();
    const { product: closed } = await tenant.onSale({}, { visibility: 'developers' });
    for (const product of [draft, closed]) {
      expect((await write(product, 'reference', { document })).status).toBe(200);
      expect((await write(await present(product), 'guides', { guides })).status).toBe(200);
      expect((await tenant.visit(`/products/${product.id}/reference`)).status).toBe(404);
      expect((await tenant.visit(`/products/${product.id}/guides/start`)).status).toBe(404);
    }
    const developer = await tenant.developer({ approved: false });
    expect((await developer.request(`/products/${closed.id}/reference`)).status).toBe(200);
    expect((await developer.request(`/products/${draft.id}/reference`)).status).toBe(404);
  });

  it('is replaced and removed by whoever read the present version of the product', async () => {
    const product = await tenant.product();
    const first = (await write(product, 'reference', { document })).body;
    expect((await write(product, 'reference', { document })).status).toBe(412);
    const openapi = { ...sampleReference, openapi: '3.1.0' };
    const second = (await write(first, 'reference', { document: JSON.stringify(openapi) })).body;
    expect(second.reference?.specification).toBe('openapi-3.1');
    expect((await write(second, 'reference', undefined)).status).toBe(204);
    const last = await present(product);
    expect(last).toMatchObject({ reference: null, version: second.version + 1 });
    expect((await tenant.admin(`${pathOf(product)}/reference`)).status).toBe(404);
    expect((await write(last, 'reference', undefined)).status).toBe(404);
  });

  it('is refused with the places of its faults and stays as it was, also in a dry run', async () => {
    const product = await tenant.product();
    const faulty = JSON.stringify({ ...sampleReference, info: { title: 'Orders' } });
    const refused = await write(product, 'reference', { document: faulty });
    expect(refused).toMatchObject({ status: 400, body: { code: 'product.reference_invalid' } });
    expect(refused.body.errors).toEqual([
      { pointer: '/document/info', message: expect.stringContaining('version') as string },
    ]);
    expect((await write(product, 'reference', { document }, '?dryRun=true')).body).toMatchObject({
      reference: { operations: 2 },
    });
    expect(await present(product)).toEqual(product);
  });

  it('is at most 1 MiB, whatever makes it large', async () => {
    const product = await tenant.product();
    const sized = (characters: number, letter: string) =>
      JSON.stringify({ ...sampleReference, info: { ...sampleReference.info, description: letter.repeat(characters) } });
    expect((await write(product, 'reference', { document: sized(1_000_000, 'a') })).status).toBe(200);
    const chinese = await write(await present(product), 'reference', { document: sized(400_000, '书') });
    expect(chinese).toMatchObject({ status: 400, body: { code: 'product.reference_invalid' } });
    expect((await write(product, 'reference', { document: sized(1_100_000, 'a') })).status).toBe(400);
  });

  it('goes into no list, and a product that changes is announced anew', async () => {
    const { product } = await tenant.onSale();
    const changed = (await write(product, 'reference', { document })).body;
    const listed = await tenant.admin<Page<ApiProduct>>('/api/v1/api-products?limit=200');
    const item = listed.body.items.find(({ id }) => id === product.id);
    expect(Object.keys(item ?? {})).not.toContain('reference');
    await eventually(
      async () => {
        const events = await portal.published(productPublished, tenant.tenantId);
        const own = events.filter(({ subject }) => subject === product.id);
        expect(own.at(-1)?.aggregateversion).toBe(changed.version);
      },
      { withinMs: 10_000 },
    );
  });
});

describe('the guides of a product', () => {
  it('are set all at once, keep their order, and are read one by one', async () => {
    const { product } = await tenant.onSale();
    const set = (await write(product, 'guides', { guides })).body;
    const titles = guides.map(({ slug, title }) => ({ slug, title }));
    expect(set.guides).toEqual(titles);
    expect((await tenant.visit<ProductPage>(`/products/${product.id}`)).body.guides).toEqual(titles);
    expect((await tenant.visit(`/products/${product.id}/guides/errors`)).body).toEqual(guides[1]);
    expect((await tenant.visit(`/products/${product.id}/guides/gone`)).status).toBe(404);
    const turned = guides.toReversed();
    expect((await write(set, 'guides', { guides: turned })).status).toBe(200);
    expect((await tenant.admin<GuideList>(`${pathOf(product)}/guides`)).body.guides).toEqual(turned);
    expect((await write(await present(product), 'guides', { guides: [] })).body.guides).toEqual([]);
  });

  it('are refused when two have one address, or there are too many', async () => {
    const product = await tenant.product();
    const [guide] = guides;
    expect((await write(product, 'guides', { guides: [guide, guide] })).status).toBe(400);
    const many = Array.from({ length: 21 }, (_, n) => ({ ...guide, slug: `guide-${n}` }));
    expect((await write(product, 'guides', { guides: many })).status).toBe(400);
    expect((await write(product, 'guides', { guides: many.slice(1) })).status).toBe(200);
  });

  it('go with their product', async () => {
    const product = await tenant.product();
    const changed = (await write(product, 'guides', { guides })).body;
    const headers = { 'if-match': `"${changed.version}"` };
    expect((await tenant.admin(pathOf(product), { method: 'DELETE', headers })).status).toBe(204);
    const left = await portal.database.query('select 1 from portal.product_guides where product_id = $1', [product.id]);
    expect(left).toEqual([]);
  });
});

it('nobody without the permission to write changes either', async () => {
  const product = await tenant.product();
  const authorization = await portal.console(tenant.tenantId, ['portal.read']);
  const headers = { 'if-match': '"1"' };
  for (const [what, body] of Object.entries({ reference: { document }, guides: { guides } })) {
    const request = { method: 'PUT', body, authorization, headers };
    expect((await portal.request(`${pathOf(product)}/${what}`, request)).status).toBe(403);
    expect((await portal.request(`${pathOf(product)}/${what}`, { authorization })).status).not.toBe(403);
  }
});
