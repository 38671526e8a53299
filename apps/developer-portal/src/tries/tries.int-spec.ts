import { createHash } from 'node:crypto';
import type { TryTrace } from '@tollgate/contracts/dataplane';
import {
  auditEntryRecorded,
  credentialIssued,
  credentialRevoked,
  gatewayGroupAddressesChanged,
} from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { Credential, PortalTriedRequest, ProductPage, TryCredential } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

const withinMs = 10_000;
const minutes = 60_000;

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 5 });
});
afterAll(() => portal.close());
beforeEach(async () => {
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
});

const mint = (subscriptionId: string, whom = developer) =>
  whom.request<TryCredential & { code?: string }>(`/subscriptions/${subscriptionId}/try-credentials`, {
    method: 'POST',
  });

const tryIt = (productId: string, body: object, whom = developer) =>
  whom.request<PortalTriedRequest & { code?: string }>(`/products/${productId}/try-requests`, { body });

describe('a key for trying', () => {
  it('is of the same subscription, ends after 15 minutes, and gateways are told so', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const { status, body } = await mint(subscription.id);
    expect(status).toBe(201);
    const livesMs = Date.parse(body.expiresAt) - Date.now();
    expect(livesMs).toBeGreaterThan(14 * minutes);
    expect(livesMs).toBeLessThanOrEqual(15 * minutes);
    await eventually(
      async () => {
        const events = await portal.published(credentialIssued, tenant.tenantId);
        expect(events.find(({ data }) => data.credentialId === body.id)?.data).toEqual({
          credentialId: body.id,
          subscriptionId: subscription.id,
          groupIds: [tenant.groupId],
          keySha256: createHash('sha256').update(body.key).digest('hex'),
          expiresAt: body.expiresAt,
          kind: 'try',
        });
      },
      { withinMs },
    );
  });

  it('is not among the keys of the subscription, and cannot be made one by rotation', async () => {
    const { plan } = await tenant.onSale();
    const { subscription, credential } = await tenant.subscribed(developer, plan.id);
    const { body } = await mint(subscription.id);
    const path = `/subscriptions/${subscription.id}/credentials`;
    const { items } = (await developer.request<Page<Credential>>(path)).body;
    expect(items).toMatchObject([{ id: credential.id, kind: 'key' }]);
    const rotated = await developer.request(`${path}/${body.id}/rotate`, { body: {} });
    expect(rotated.status).toBe(404);
  });

  it('takes the place of the oldest when there are five', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const made: string[] = [];
    for (let index = 0; index < 6; index++) made.push((await mint(subscription.id)).body.id);
    await eventually(
      async () => {
        const revoked = await portal.published(credentialRevoked, tenant.tenantId);
        expect(revoked.map(({ data }) => data.credentialId)).toEqual(made.slice(0, 1));
      },
      { withinMs },
    );
  });

  it('is forgotten a day after its end, and is in no snapshot before that', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const { body: old } = await mint(subscription.id);
    const ended = `update portal.credentials set state = 'revoked', expires_at = now() - interval '2 days' where id = $1`;
    await portal.database.query(ended, [old.id]);
    const snapshots = await portal.request<Page<{ credentialId: string }>>('/internal/v1/portal/credentials', {
      authorization: await portal.service(tenant.tenantId),
    });
    expect(snapshots.body.items.map(({ credentialId }) => credentialId)).not.toContain(old.id);
    const { body: next } = await mint(subscription.id);
    const rows = await portal.database.query(
      `select id from portal.credentials where subscription_id = $1 and kind = 'try'`,
      [subscription.id],
    );
    expect(rows).toEqual([{ id: next.id }]);
  });

  it('is not made for a subscription that is not approved', async () => {
    const { plan } = await tenant.onSale({ approval: 'manual' });
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const { status, body } = await mint(subscription.id);
    expect([status, body.code]).toEqual([409, 'portal.state_conflict']);
  });

  it('is answered like what never was for somebody else’s subscription', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    expect((await mint(subscription.id, await tenant.developer())).status).toBe(404);
    const elsewhere = await PortalTenant.create(portal);
    expect((await mint(subscription.id, await elsewhere.developer())).status).toBe(404);
    const path = `/subscriptions/${subscription.id}/try-credentials`;
    expect((await tenant.visit(path, { method: 'POST' })).status).toBe(401);
  });
});

describe('a product’s page', () => {
  it('tells by which addresses the product is reached', async () => {
    const { product } = await tenant.onSale();
    const { tenantId, groupId, host } = tenant;
    const gateways = async () => (await tenant.visit<ProductPage>(`/products/${product.id}`)).body.gateways;
    expect(await gateways()).toEqual([{ groupId, hosts: [host], addresses: [] }]);
    const addresses = ['https://api.acme.test'];
    const news = { subject: groupId, tenantId, aggregateVersion: 2, data: { groupId, addresses } };
    await portal.publish(gatewayGroupAddressesChanged.create(news));
    await eventually(async () => expect(await gateways()).toEqual([{ groupId, hosts: [host], addresses }]), {
      withinMs,
    });
  });
});

describe('a request that a developer tries', () => {
  const trace: TryTrace = {
    requestId: 'r-1',
    route: { id: 'orders', name: 'Orders', pattern: '/orders' },
    nearMisses: [],
    allRoutesSeen: true,
    service: { id: 'inner-service', name: null },
    upstream: { id: 'inner-upstream', name: null, owner: 'service/inner-service' },
    consumer: { id: 'sub_x', consumerGroupId: 'plv_x', credentialId: 'crd_x', labels: { plan: 'plv_x' } },
    policies: [
      {
        name: 'inner-policy',
        phase: 'request',
        source: { kind: 'route', id: 'orders' },
        outcome: 'passed',
        status: null,
        code: null,
        detail: null,
        requestHeaders: ['x-inner'],
        responseHeaders: [],
        rewrote: [],
        authenticated: false,
        durationMs: 0.1,
      },
    ],
    nodes: [{ node: '10.0.0.7:80', result: 'answered', status: 200, durationMs: 1 }],
    answeredBy: 'policy',
    refusal: { policy: 'limit-count', status: 429, code: 'gateway.rate_limited', detail: 'slow down' },
    billable: false,
    totalMs: 2,
    gatewayMs: 1,
    upstreamMs: 1,
  };
  const response = {
    status: 429,
    headers: [{ name: 'retry-after', value: '3' }],
    body: { encoding: 'text', content: '{}' } as const,
    bodyBytes: 2,
    truncated: false,
    durationMs: 3,
  };

  it('goes to the routes of the product only, and tells why it got its answer and nothing of what stands behind', async () => {
    const { product } = await tenant.onSale();
    portal.gatewayManager.tryResult = { outcome: 'done', response, trace };
    const { status, body } = await tryIt(product.id, {
      request: { path: '/orders', headers: [{ name: 'apikey', value: 'tg_secret' }] },
    });
    expect(status).toBe(200);
    expect(portal.gatewayManager.tries.at(-1)).toMatchObject({
      tenantId: tenant.tenantId,
      groupId: tenant.groupId,
      body: {
        request: { path: '/orders', headers: [{ name: 'apikey', value: 'tg_secret' }] },
        scope: { routeIds: ['orders'], serviceIds: [] },
      },
    });
    expect(body).toMatchObject({
      groupId: tenant.groupId,
      response,
      explanation: {
        route: { id: 'orders', name: 'Orders', pattern: '/orders' },
        subscriptionId: 'sub_x',
        answeredBy: 'gateway',
        refusal: { by: 'limit-count', status: 429, code: 'gateway.rate_limited', detail: 'slow down' },
        totalMs: 2,
        apiMs: 1,
      },
    });
    expect(body.explanation.refusal?.docsUrl).toMatch(/\/docs\/errors#gateway-rate_limited$/);
    for (const hidden of ['inner', '10.0.0.7', 'plv_x', 'crd_x']) expect(JSON.stringify(body)).not.toContain(hidden);
    await eventually(
      async () => {
        const entries = await portal.published(auditEntryRecorded, tenant.tenantId);
        const own = entries.filter(({ data }) => data.action === 'request.try');
        expect(own.at(-1)?.data).toMatchObject({ object: { id: product.id }, details: { path: '/orders' } });
        expect(JSON.stringify(own)).not.toContain('tg_secret');
      },
      { withinMs },
    );
  });

  it.each([
    ['no-data-plane', 409, 'gateway.no_data_plane_online'],
    ['not-answered', 504, 'gateway.try_not_answered'],
    ['host-unknown', 400, 'gateway.try_host_unknown'],
  ] as const)('is answered with a problem of its own: %s', async (outcome, status, code) => {
    const { product } = await tenant.onSale();
    portal.gatewayManager.tryResult = { outcome };
    const answer = await tryIt(product.id, { request: {} });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is answered like what never was for a product, group or subscription that is not the developer’s to see', async () => {
    const { product, plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const elsewhere = await PortalTenant.create(portal);
    const stranger = await elsewhere.developer();
    const draft = await tenant.product();
    const { subscription: others } = await tenant.subscribed(await tenant.developer(), plan.id);
    const before = portal.gatewayManager.tries.length;
    expect((await tryIt(product.id, { request: {} }, stranger)).status).toBe(404);
    expect((await tryIt(draft.id, { request: {} })).status).toBe(404);
    expect((await tryIt(product.id, { request: {}, groupId: elsewhere.groupId })).status).toBe(404);
    expect((await tryIt(product.id, { request: {}, subscriptionId: others.id })).status).toBe(404);
    expect(portal.gatewayManager.tries).toHaveLength(before);
    portal.gatewayManager.tryResult = { outcome: 'done', response, trace };
    expect((await tryIt(product.id, { request: {}, subscriptionId: subscription.id })).status).toBe(200);
  });

  it('is not taken from somebody who is not signed in, or not approved', async () => {
    const { product } = await tenant.onSale();
    const path = `/products/${product.id}/try-requests`;
    expect((await tenant.visit(path, { body: { request: {} } })).status).toBe(401);
    const site = await tenant.site();
    await tenant.admin(`/api/v1/portal-sites/${site.id}`, {
      method: 'PATCH',
      headers: { 'if-match': `"${site.version}"` },
      body: { signUpApproval: 'manual' },
    });
    const waiting = await tenant.developer({ approved: false });
    const answer = await tryIt(product.id, { request: {} }, waiting);
    expect([answer.status, answer.body.code]).toEqual([403, 'developer.not_approved']);
  });
});
