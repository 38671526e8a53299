import { newId } from '@tollgate/contracts';
import {
  credentialRevoked,
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionSuspended,
} from '@tollgate/contracts/events';
import type { Problem } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import type {
  Application,
  ApprovalItem,
  Credential,
  IssuedCredential,
  Subscription,
} from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CredentialExpiry } from '../credentials/credential-expiry.ts';
import { PortalTenant, type SuiteDeveloper } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;

beforeAll(async () => {
  portal = await startPortal({
    databaseUrl: inject('databaseUrl'),
    redisUrl: inject('redisUrl'),
    redisDatabase: 15,
  });
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
});
afterAll(() => portal.close());

const post = (path: string, body?: unknown) =>
  developer.request<Subscription & Problem>(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
const decide = ({ id }: Subscription, step: string) =>
  tenant.admin<Subscription & Problem>(`/api/v1/subscriptions/${id}/${step}`, { method: 'POST' });
const read = async ({ id }: Subscription) => (await developer.request<Subscription>(`/subscriptions/${id}`)).body;
const credentialsOf = async ({ id }: Subscription) =>
  (await developer.request<Page<Credential>>(`/subscriptions/${id}/credentials`)).body.items;
const queued = async () => (await tenant.admin<Page<ApprovalItem>>('/api/v1/approvals?limit=200')).body.items;

describe('applications', () => {
  it('have a name of their own and change only by whoever read the present version', async () => {
    const name = `App ${newId('app')}`;
    const { body: created } = await developer.request<Application>('/applications', { body: { name } });
    expect((await developer.request('/applications', { body: { name } })).status).toBe(409);
    expect((await developer.request('/applications', { body: { name: 'x', owner: 'me' } })).status).toBe(400);
    const path = `/applications/${created.id}`;
    const body = { description: 'Forecasts' };
    expect((await developer.request(path, { method: 'PATCH', body })).status).toBe(428);
    const change = { method: 'PATCH', body, headers: { 'if-match': '"1"' } };
    expect((await developer.request(path, change)).body).toMatchObject({ name, description: 'Forecasts', version: 2 });
    expect((await developer.request(path, change)).status).toBe(412);
    expect((await tenant.admin(`/api/v1/applications/${created.id}`)).body).toMatchObject({ description: 'Forecasts' });
  });

  it('cannot be deleted while they have live subscriptions, which the answer lists', async () => {
    const { plan } = await tenant.onSale();
    const { application, subscription } = await tenant.subscribed(developer, plan.id);
    const remove = () =>
      developer.request<Problem>(`/applications/${application.id}`, {
        method: 'DELETE',
        headers: { 'if-match': '"1"' },
      });
    const refused = await remove();
    expect(refused).toMatchObject({ status: 409, body: { code: 'resource.in_use' } });
    expect(refused.body.errors?.[0]?.message).toContain(subscription.id);
    await post(`/subscriptions/${subscription.id}/cancel`);
    expect((await remove()).status).toBe(204);
    expect((await developer.request(`/applications/${application.id}`)).status).toBe(404);
  });
});

describe('subscribing', () => {
  it('is approved at once where the plan says so', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    expect(subscription).toMatchObject({ state: 'approved', planId: plan.id, planVersionId: plan.current.id });
    expect((await queued()).map((item) => 'subscriptionId' in item && item.subscriptionId)).not.toContain(
      subscription.id,
    );
  });

  it('happens once per application and product', async () => {
    const { product, plan } = await tenant.onSale();
    const other = await tenant.plan(product.id);
    const { application } = await tenant.subscribed(developer, plan.id);
    const again = await post('/subscriptions', { applicationId: application.id, planId: other.id });
    expect(again).toMatchObject({ status: 409, body: { code: 'subscription.exists' } });
  });

  it('is refused for plans that are not on offer and for applications of others', async () => {
    const { plan } = await tenant.onSale();
    const { application } = await tenant.subscribed(developer, plan.id);
    const draft = await tenant.plan((await tenant.product()).id);
    const { plan: keyless } = await tenant.onSale({ keyless: true });
    const applicationId = application.id;
    expect((await post('/subscriptions', { applicationId, planId: draft.id })).status).toBe(404);
    expect((await post('/subscriptions', { applicationId, planId: newId('pln') })).status).toBe(404);
    const refused = await post('/subscriptions', { applicationId, planId: keyless.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'plan.not_offered' } });
    const neighbour = await tenant.developer();
    const { plan: third } = await tenant.onSale();
    const body = { applicationId, planId: third.id };
    expect((await neighbour.request('/subscriptions', { body })).status).toBe(404);
    expect((await post('/subscriptions', { applicationId })).status).toBe(400);
  });
});

describe('deciding', () => {
  it('takes steps that the state has; repeating one changes nothing', async () => {
    const { plan } = await tenant.onSale({ approval: 'manual' });
    const { subscription } = await tenant.subscribed(developer, plan.id);
    expect(await decide(subscription, 'suspend')).toMatchObject({
      status: 409,
      body: { code: 'portal.state_conflict' },
    });
    const dry = await tenant.admin<Subscription>(`/api/v1/subscriptions/${subscription.id}/approve?dryRun=true`, {
      method: 'POST',
    });
    expect(dry.body.state).toBe('approved');
    expect((await read(subscription)).state).toBe('pending');
    const approved = await decide(subscription, 'approve');
    expect(approved.body).toMatchObject({ state: 'approved', version: 2 });
    expect((await decide(subscription, 'approve')).body).toEqual(approved.body);
    expect((await decide(subscription, 'suspend')).body.state).toBe('suspended');
    expect((await decide(subscription, 'resume')).body.state).toBe('approved');
    const { tenantId } = tenant;
    await eventually(
      async () => {
        const versions = async (event: typeof subscriptionApproved) =>
          (await portal.published(event, tenantId))
            .filter(({ subject }) => subject === subscription.id)
            .map(({ aggregateversion }) => aggregateversion);
        expect(await versions(subscriptionApproved)).toEqual([2, 2, 4]);
        expect(await versions(subscriptionSuspended)).toEqual([3]);
      },
      { withinMs: 10_000 },
    );
  });

  it('ends a refused or cancelled subscription for good, its keys with it', async () => {
    const { plan } = await tenant.onSale({ approval: 'manual' });
    for (const [step, state] of [
      ['refuse', 'refused'],
      ['cancel', 'cancelled'],
    ] as const) {
      const { subscription, credential } = await tenant.subscribed(developer, plan.id);
      expect((await decide(subscription, step)).body.state).toBe(state);
      expect(await credentialsOf(subscription)).toMatchObject([{ id: credential.id, state: 'revoked' }]);
      expect((await decide(subscription, 'approve')).status).toBe(409);
      expect((await post(`/subscriptions/${subscription.id}/credentials`, {})).status).toBe(409);
      await eventually(
        async () => {
          const revoked = await portal.published(credentialRevoked, tenant.tenantId);
          expect(revoked.map(({ subject }) => subject)).toContain(credential.id);
          const ended = await portal.published(subscriptionCancelled, tenant.tenantId);
          expect(ended.map(({ subject }) => subject)).toContain(subscription.id);
        },
        { withinMs: 10_000 },
      );
    }
  });

  it('suspends a developer’s subscriptions with the developer, who must be back before they are', async () => {
    const { plan } = await tenant.onSale();
    const leaving = await tenant.developer();
    const { subscription } = await tenant.subscribed(leaving, plan.id);
    await tenant.admin(`/api/v1/developers/${leaving.id}/suspend`, { method: 'POST' });
    const path = `/api/v1/subscriptions/${subscription.id}`;
    expect((await tenant.admin<Subscription>(path)).body.state).toBe('suspended');
    expect((await decide(subscription, 'resume')).status).toBe(409);
    await tenant.admin(`/api/v1/developers/${leaving.id}/resume`, { method: 'POST' });
    expect((await decide(subscription, 'resume')).body.state).toBe('approved');
  });
});

describe('the approval queue', () => {
  it('holds developers and subscriptions, longest waiting first, page by page', async () => {
    const busy = await PortalTenant.create(portal);
    const { product, plan } = await busy.onSale({ approval: 'manual' });
    const first = await busy.developer();
    const { subscription } = await busy.subscribed(first, plan.id);
    const second = await busy.developer({ approved: false });
    const { plan: automatic } = await busy.onSale();
    const { subscription: changing } = await busy.subscribed(first, automatic.id);
    const manual = await busy.plan(automatic.productId, { approval: 'manual' });
    await first.request(`/subscriptions/${changing.id}/change-plan`, { body: { planId: manual.id } });

    const seen: ApprovalItem[] = [];
    let cursor = '';
    do {
      const page = await busy.admin<Page<ApprovalItem>>(`/api/v1/approvals?limit=1${cursor}`);
      seen.push(...page.body.items);
      cursor = page.body.nextCursor === null ? '' : `&cursor=${page.body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toMatchObject([
      { kind: 'subscription', subscriptionId: subscription.id, productName: product.name, developerEmail: first.email },
      { kind: 'developer', developerId: second.id, emailVerified: false },
      { kind: 'plan-change', subscriptionId: changing.id, planName: manual.name },
    ]);
    const developers = await busy.admin<Page<ApprovalItem>>('/api/v1/approvals?kind=developer');
    expect(developers.body.items).toHaveLength(1);
    expect((await busy.admin('/api/v1/approvals?cursor=nonsense')).status).toBe(400);
  });
});

describe('changing the plan', () => {
  it('waits for approval where the new plan says so; the present one stays until then', async () => {
    const { product, plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const manual = await tenant.plan(product.id, { approval: 'manual' });
    const path = `/subscriptions/${subscription.id}/change-plan`;
    const requested = await post(path, { planId: manual.id });
    expect(requested.body).toMatchObject({ planId: plan.id, requestedPlanVersionId: manual.current.id });
    expect((await decide(subscription, 'refuse')).body).toMatchObject({
      planId: plan.id,
      requestedPlanVersionId: null,
    });
    await post(path, { planId: manual.id });
    const approved = await decide(subscription, 'approve');
    expect(approved.body).toMatchObject({ planId: manual.id, planVersionId: manual.current.id, state: 'approved' });
  });

  it('is refused to plans of other products', async () => {
    const { plan } = await tenant.onSale();
    const { plan: foreign } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const refused = await post(`/subscriptions/${subscription.id}/change-plan`, { planId: foreign.id });
    expect(refused).toMatchObject({ status: 409, body: { code: 'plan.not_offered' } });
  });
});

describe('credentials', () => {
  it('rotate with an overlap, after which the old key is revoked for good', async () => {
    const { plan } = await tenant.onSale();
    const { subscription, credential } = await tenant.subscribed(developer, plan.id);
    const path = `/subscriptions/${subscription.id}/credentials`;
    const rotate = (body: unknown) =>
      developer.request<IssuedCredential & Problem>(`${path}/${credential.id}/rotate`, { body });
    const rotated = await rotate({ overlapSeconds: 1 });
    expect(rotated.body.key).not.toBe(credential.key);
    const [old] = await credentialsOf(subscription);
    expect(old).toMatchObject({ id: credential.id, state: 'active', expiresAt: expect.any(String) as string });
    await eventually(
      async () => {
        await portal.part(CredentialExpiry).runOnce();
        expect(await credentialsOf(subscription)).toMatchObject([
          { id: credential.id, state: 'revoked' },
          { id: rotated.body.id, state: 'active', expiresAt: null },
        ]);
      },
      { withinMs: 5_000 },
    );
    expect(await rotate({})).toMatchObject({ status: 409, body: { code: 'portal.state_conflict' } });
    expect((await rotate({ overlapSeconds: -1 })).status).toBe(400);
  });

  it('are at most ten active ones to a subscription; rotating without overlap needs no room', async () => {
    const { plan } = await tenant.onSale();
    const { subscription, credential } = await tenant.subscribed(developer, plan.id);
    const path = `/subscriptions/${subscription.id}/credentials`;
    await Promise.all(Array.from({ length: 9 }, () => developer.request(path, { body: {} })));
    expect(await post(path, {})).toMatchObject({ status: 409, body: { code: 'portal.limit_reached' } });
    expect((await post(`${path}/${credential.id}/rotate`, { overlapSeconds: 0 })).status).toBe(200);
    const active = (await credentialsOf(subscription)).filter(({ state }) => state === 'active');
    expect(active).toHaveLength(10);
  });

  it('are revoked by admins too; revoking again changes nothing', async () => {
    const { plan } = await tenant.onSale();
    const { subscription, credential } = await tenant.subscribed(developer, plan.id);
    const path = `/api/v1/subscriptions/${subscription.id}/credentials/${credential.id}/revoke`;
    const first = await tenant.admin<Credential>(path, { method: 'POST' });
    expect(first.body.state).toBe('revoked');
    expect((await tenant.admin<Credential>(path, { method: 'POST' })).body).toEqual(first.body);
    const listed = await tenant.admin<Page<Credential>>(`/api/v1/subscriptions/${subscription.id}/credentials`);
    expect(listed.body.items).toEqual([first.body]);
  });
});

describe('at the same time', () => {
  it('a subscription never survives the erasure of its developer', async () => {
    const { plan } = await tenant.onSale();
    for (let round = 0; round < 5; round += 1) {
      const leaving = await tenant.developer();
      const { body: application } = await leaving.request<Application>('/applications', { body: { name: 'Last' } });
      const { body: me } = await leaving.request<{ version: number }>('/me');
      const headers = { 'if-match': `"${me.version}"` };
      const [subscribed, erased] = await Promise.all([
        leaving.request<Subscription>('/subscriptions', { body: { applicationId: application.id, planId: plan.id } }),
        leaving.request('/me', { method: 'DELETE', headers }),
      ]);
      expect(erased.status).toBe(204);
      expect([201, 401, 404]).toContain(subscribed.status);
      if (subscribed.status !== 201) continue;
      await eventually(
        async () => {
          const ended = await portal.published(subscriptionCancelled, tenant.tenantId);
          expect(ended.map(({ subject }) => subject)).toContain(subscribed.body.id);
        },
        { withinMs: 10_000 },
      );
    }
  });

  it('a product is deleted or subscribed to, never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { product, plan } = await tenant.onSale();
      const { body: application } = await developer.request<Application>('/applications', {
        body: { name: `App ${newId('app')}` },
      });
      const takeDown = async () => {
        const path = `/api/v1/api-products/${product.id}`;
        const draft = await tenant.admin<{ version: number }>(`${path}/unpublish`, { method: 'POST' });
        const headers = { 'if-match': `"${draft.body.version}"` };
        return tenant.admin(path, { method: 'DELETE', headers });
      };
      const body = { applicationId: application.id, planId: plan.id };
      const [removed, subscribed] = await Promise.all([takeDown(), developer.request('/subscriptions', { body })]);
      expect([`${removed.status} ${subscribed.status}`]).toContainEqual(expect.stringMatching(/^(204 404|409 201)$/));
    }
  });
});
