import { newId } from '@tollgate/contracts';
import {
  credentialIssued,
  productPublished,
  productUnpublished,
  subscriptionApproved,
} from '@tollgate/contracts/events';
import type { Problem } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import type { ApiProduct, ApiProductSummary } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 12 });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const products = '/api/v1/api-products';
const pathOf = ({ id }: ApiProduct) => `${products}/${id}`;
const publish = (product: ApiProduct) => tenant.admin<Problem>(`${pathOf(product)}/publish`, { method: 'POST' });
const change = (product: ApiProduct, body: unknown, version = product.version) =>
  tenant.admin<ApiProduct & Problem>(pathOf(product), {
    method: 'PATCH',
    body,
    headers: { 'if-match': `"${version}"` },
  });
const remove = (product: ApiProduct, version = product.version) =>
  tenant.admin<Problem>(pathOf(product), { method: 'DELETE', headers: { 'if-match': `"${version}"` } });

describe('API products', () => {
  it('are drafts that nobody outside sees', async () => {
    const draft = await tenant.product();
    expect(draft).toMatchObject({ state: 'draft', visibility: 'public', version: 1 });
    expect((await tenant.visit(`/products/${draft.id}`)).status).toBe(404);
    const drafts = await tenant.admin<Page<ApiProductSummary>>(`${products}?state=draft&limit=200`);
    expect(drafts.body.items.map(({ id }) => id)).toContain(draft.id);
  });

  it('are refused with the place of every mistake', async () => {
    const bindings = [{ groupId: 'grp_nonsense', routeIds: [] }];
    const { status, body } = await tenant.admin<Problem>(products, { body: { name: '', bindings, price: 1 } });
    expect(status).toBe(400);
    const pointers = body.errors?.map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/name', '/price', '/bindings/0/groupId', '/bindings/0/routeIds']),
    );
  });

  it('have a name of their own within the tenant, whatever other tenants call theirs', async () => {
    const { name } = await tenant.product();
    const again = await tenant.admin<Problem>(products, { body: { name } });
    expect(again).toMatchObject({ status: 409, body: { code: 'resource.conflict', errors: [{ pointer: '/name' }] } });
    const other = await PortalTenant.create(portal);
    expect((await other.admin(products, { body: { name } })).status).toBe(201);
  });

  it('are created once per Idempotency-Key, and another body with it is refused', async () => {
    const authorization = await portal.console(tenant.tenantId);
    const headers = { 'idempotency-key': newId('evt') };
    const create = (name: string) =>
      portal.request<ApiProduct & Problem>(products, { body: { name }, authorization, headers });
    const name = `Once ${newId('prd')}`;
    const [first, second] = [await create(name), await create(name)];
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id } });
    expect(await create('Another')).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
  });

  it('change only by whoever read the present version', async () => {
    const draft = await tenant.product();
    const without = await tenant.admin<Problem>(pathOf(draft), { method: 'PATCH', body: { docs: '# Hi' } });
    expect(without.status).toBe(428);
    const changed = await change(draft, { docs: '# Hi' });
    expect(changed).toMatchObject({ status: 200, body: { docs: '# Hi', version: 2, name: draft.name } });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect(await change(draft, { docs: 'late' })).toMatchObject({ status: 412, body: { code: 'resource.changed' } });
  });

  it('stay as they are in a dry run', async () => {
    const draft = await tenant.product();
    const dry = await tenant.admin<ApiProduct>(`${products}?dryRun=true`, { body: { name: 'Only tried' } });
    expect(dry).toMatchObject({ status: 201, body: { name: 'Only tried' } });
    expect((await tenant.admin(pathOf(dry.body))).status).toBe(404);
    const path = `${pathOf(draft)}?dryRun=true`;
    expect((await tenant.admin(path, { method: 'DELETE', headers: { 'if-match': '"1"' } })).status).toBe(204);
    expect((await tenant.admin(pathOf(draft))).status).toBe(200);
  });
});

describe('publishing', () => {
  it('names everything that is missing and publishes nothing', async () => {
    const groupId = newId('grp');
    portal.gatewayManager.setRoutes(groupId, [{ id: 'open', open: true }]);
    const bindings = [
      { groupId, routeIds: ['open', 'gone'] },
      { groupId: newId('grp'), routeIds: ['orders'] },
    ];
    const draft = await tenant.product({ bindings });
    const refused = await publish(draft);
    expect(refused).toMatchObject({ status: 409, body: { code: 'product.not_publishable' } });
    expect(refused.body.errors?.map(({ pointer }) => pointer)).toEqual([
      '/plans',
      '/bindings/0/routeIds/0',
      '/bindings/0/routeIds/1',
      '/bindings/1/groupId',
    ]);
    expect((await tenant.admin<ApiProduct>(pathOf(draft))).body).toMatchObject({ state: 'draft', version: 1 });
  });

  it('lets a route without a key through when a plan is keyless, and says so to gateways', async () => {
    const groupId = newId('grp');
    portal.gatewayManager.setRoutes(groupId, [{ id: 'open', open: true }]);
    const { product } = await tenant.onSale({ keyless: true }, { bindings: [{ groupId, routeIds: ['open'] }] });
    await eventually(
      async () => {
        const events = await portal.published(productPublished, tenant.tenantId);
        expect(events.find(({ subject }) => subject === product.id)?.data).toMatchObject({ keyless: true });
      },
      { withinMs: 10_000 },
    );
  });

  it('repeated changes nothing', async () => {
    const { product } = await tenant.onSale();
    expect(await publish(product)).toMatchObject({ status: 200, body: { version: product.version } });
  });

  it('answers 503 and publishes nothing while routes cannot be read', async () => {
    const draft = await tenant.product({
      bindings: [{ groupId: portal.gatewayManager.brokenGroupId, routeIds: ['a'] }],
    });
    await tenant.plan(draft.id);
    expect(await publish(draft)).toMatchObject({ status: 503, body: { code: 'internal.unavailable' } });
    expect((await tenant.admin<ApiProduct>(pathOf(draft))).body.state).toBe('draft');
  });

  it('can be taken back: the catalogue forgets the product, its subscriptions stay', async () => {
    const { product, plan } = await tenant.onSale();
    const developer = await tenant.developer();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const unpublish = `${pathOf(product)}/unpublish`;
    expect((await tenant.admin<ApiProduct>(unpublish, { method: 'POST' })).body.state).toBe('draft');
    expect((await tenant.visit(`/products/${product.id}`)).status).toBe(404);
    expect((await developer.request(`/subscriptions/${subscription.id}`)).body).toMatchObject({ state: 'approved' });
    await eventually(
      async () => {
        const events = await portal.published(productUnpublished, tenant.tenantId);
        expect(events.map(({ subject }) => subject)).toContain(product.id);
      },
      { withinMs: 10_000 },
    );
  });
});

describe('a product on sale', () => {
  it('takes only routes that stand the check of publishing', async () => {
    const { product } = await tenant.onSale();
    const refused = await change(product, { bindings: [{ groupId: tenant.groupId, routeIds: ['gone'] }] });
    expect(refused).toMatchObject({ status: 409, body: { code: 'product.not_publishable' } });
    expect((await tenant.admin<ApiProduct>(pathOf(product))).body).toEqual(product);
  });

  it('that moves to another gateway group takes its subscriptions and keys along', async () => {
    const { product, plan } = await tenant.onSale();
    const { subscription, credential } = await tenant.subscribed(await tenant.developer(), plan.id);
    const groupId = newId('grp');
    portal.gatewayManager.setRoutes(groupId, [{ id: 'orders' }]);
    expect((await change(product, { bindings: [{ groupId, routeIds: ['orders'] }] })).status).toBe(200);
    await eventually(
      async () => {
        const approved = await portal.published(subscriptionApproved, tenant.tenantId);
        const moved = approved.filter(({ subject }) => subject === subscription.id).at(-1);
        expect(moved).toMatchObject({ aggregateversion: 2, data: { groupIds: [groupId] } });
        const issued = await portal.published(credentialIssued, tenant.tenantId);
        const key = issued.filter(({ subject }) => subject === credential.id).at(-1);
        expect(key).toMatchObject({ aggregateversion: 2, data: { groupIds: [groupId] } });
      },
      { withinMs: 10_000 },
    );
  });

  it('cannot be deleted, nor a draft with live subscriptions, which the answer lists', async () => {
    const { product, plan } = await tenant.onSale();
    expect(await remove(product)).toMatchObject({ status: 409, body: { code: 'portal.state_conflict' } });
    const developer = await tenant.developer();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const unpublished = await tenant.admin<ApiProduct>(`${pathOf(product)}/unpublish`, { method: 'POST' });
    const refused = await remove(unpublished.body);
    expect(refused).toMatchObject({ status: 409, body: { code: 'resource.in_use' } });
    expect(refused.body.errors).toEqual([{ pointer: '', message: expect.stringContaining(subscription.id) as string }]);
    await developer.request(`/subscriptions/${subscription.id}/cancel`, { method: 'POST' });
    expect((await remove(unpublished.body)).status).toBe(204);
    expect((await tenant.admin(pathOf(product))).status).toBe(404);
  });
});
