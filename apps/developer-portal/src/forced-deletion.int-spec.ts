import { newId } from '@tollgate/contracts';
import {
  auditEntryRecorded,
  credentialRevoked,
  gatewayGroupDeleted,
  productDeleted,
  productPublished,
  productUnpublished,
  subscriptionCancelled,
  subscriptionSuspended,
} from '@tollgate/contracts/events';
import { rolePermissions } from '@tollgate/contracts/auth';
import type { Problem } from '@tollgate/contracts/errors';
import type { ForcedDeletion } from '@tollgate/contracts/rest';
import type { ApiProduct, Plan, Subscription } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { PortalTenant, type SuiteDeveloper } from './testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from './testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;
let developer: SuiteDeveloper;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 6 });
});
afterAll(() => portal.close());
beforeEach(async () => {
  tenant = await PortalTenant.create(portal);
  developer = await tenant.developer();
});

type Answer = ForcedDeletion & Problem;
const soon = (check: () => Promise<void>) => eventually(check, { withinMs: 10_000 });
const remove = ({ version }: { version: number }) => ({
  method: 'DELETE',
  headers: { 'if-match': `"${version}"` },
});
const planPath = ({ id }: Plan) => `/api/v1/plans/${id}`;
const productPath = ({ id }: ApiProduct) => `/api/v1/api-products/${id}`;
const cancelled = (...subscriptions: Subscription[]) => ({
  dependants: subscriptions.map(({ id }) => ({ kind: 'subscription', id, effect: 'cancelled' })),
  total: subscriptions.length,
});
const stateOf = async ({ id }: Subscription) =>
  (await tenant.admin<Subscription>(`/api/v1/subscriptions/${id}`)).body.state;

/** Waits until gateways and the audit log were told that these ended with what was deleted. */
async function expectTold(
  action: string,
  ended: readonly { subscription: Subscription; credential: { id: string } }[],
): Promise<void> {
  await soon(async () => {
    const ids = (events: { subject?: string | undefined }[]) => events.map(({ subject }) => subject).sort();
    const subscriptions = await portal.published(subscriptionCancelled, tenant.tenantId);
    expect(ids(subscriptions)).toEqual(ended.map(({ subscription }) => subscription.id).sort());
    const keys = await portal.published(credentialRevoked, tenant.tenantId);
    expect(ids(keys)).toEqual(ended.map(({ credential }) => credential.id).sort());
    const audit = await portal.published(auditEntryRecorded, tenant.tenantId);
    const entry = audit.find(({ data }) => data.action === action);
    expect(entry?.data.details).toEqual(cancelled(...ended.map(({ subscription }) => subscription)));
  });
}

describe('a plan deleted by force', () => {
  it('cancels its subscriptions and revokes their keys', async () => {
    const { product, plan } = await tenant.onSale();
    await tenant.plan(product.id);
    const first = await tenant.subscribed(developer, plan.id);
    const second = await tenant.subscribed(developer, plan.id);
    const answer = await tenant.admin<Answer>(`${planPath(plan)}?force=true`, remove(plan));
    expect(answer).toMatchObject({ status: 200, body: cancelled(first.subscription, second.subscription) });
    expect((await tenant.admin(planPath(plan))).status).toBe(404);
    await expectTold('plan.delete', [first, second]);
  });

  it('leaves the subscriptions that only ask to change to it with the plan they have', async () => {
    const { product, plan } = await tenant.onSale();
    const wanted = await tenant.plan(product.id, { approval: 'manual' });
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const body = { planId: wanted.id };
    await developer.request(`/subscriptions/${subscription.id}/change-plan`, { body });
    const refused = await tenant.admin<Answer>(planPath(wanted), remove(wanted));
    expect(refused).toMatchObject({ status: 409, body: { code: 'resource.in_use', errors: [{}] } });
    const answer = await tenant.admin<Answer>(`${planPath(wanted)}?force=true`, remove(wanted));
    expect(answer.body.dependants).toEqual([{ kind: 'subscription', id: subscription.id, effect: 'detached' }]);
    const { body: left } = await tenant.admin<Subscription>(`/api/v1/subscriptions/${subscription.id}`);
    expect(left).toMatchObject({ state: 'approved', planId: plan.id, requestedPlanVersionId: null });
  });

  it('is kept when it is the last of a product on sale, with all that it has', async () => {
    const { plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const answer = await tenant.admin<Answer>(`${planPath(plan)}?force=true`, remove(plan));
    expect(answer).toMatchObject({ status: 409, body: { code: 'portal.state_conflict' } });
    expect(await stateOf(subscription)).toBe('approved');
  });

  it('as a dry run tells what would end, and ends nothing', async () => {
    const { product, plan } = await tenant.onSale();
    await tenant.plan(product.id);
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const answer = await tenant.admin<Answer>(`${planPath(plan)}?force=true&dryRun=true`, remove(plan));
    expect(answer).toMatchObject({ status: 200, body: cancelled(subscription) });
    expect(await stateOf(subscription)).toBe('approved');
    expect((await tenant.admin(planPath(plan))).status).toBe(200);
  });

  it('needs the right to decide about subscriptions', async () => {
    const { plan } = await tenant.onSale();
    const weaker = rolePermissions.owner.filter((permission) => permission !== 'portal.approve');
    const authorization = await portal.console(tenant.tenantId, weaker);
    const answer = await tenant.admin<Answer>(`${planPath(plan)}?force=true`, { ...remove(plan), authorization });
    expect(answer).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const stranger = await PortalTenant.create(portal);
    expect((await stranger.admin(`${planPath(plan)}?force=true`, remove(plan))).status).toBe(404);
  });
});

describe('a product deleted by force', () => {
  it('goes off sale, cancels its subscriptions and revokes their keys', async () => {
    const { product, plan } = await tenant.onSale();
    const subscribed = await tenant.subscribed(developer, plan.id);
    expect((await tenant.admin<Answer>(productPath(product), remove(product))).status).toBe(409);
    const path = `${productPath(product)}?force=true`;
    const planned = await tenant.admin<Answer>(`${path}&dryRun=true`, remove(product));
    const answer = await tenant.admin<Answer>(path, remove(product));
    expect(answer).toMatchObject({ status: 200, body: cancelled(subscribed.subscription) });
    expect(planned.body).toEqual(answer.body);
    expect((await tenant.admin(productPath(product))).status).toBe(404);
    expect((await tenant.visit(`/products/${product.id}`)).status).toBe(404);
    await expectTold('api-product.delete', [subscribed]);
    await soon(async () => {
      const [gone] = await portal.published(productDeleted, tenant.tenantId);
      expect(gone).toMatchObject({ subject: product.id, data: { productId: product.id } });
      expect(gone?.aggregateversion).toBeGreaterThan(product.version);
    });
  });

  it('is gone by the version that was read only, and by whoever may', async () => {
    const { product } = await tenant.onSale();
    const path = `${productPath(product)}?force=true`;
    expect((await tenant.admin(path, remove({ version: 99 }))).status).toBe(412);
    expect((await tenant.admin(path, { method: 'DELETE' })).status).toBe(428);
    const authorization = await portal.console(tenant.tenantId, ['portal.write']);
    expect((await tenant.admin(path, { ...remove(product), authorization })).status).toBe(403);
  });
});

describe('an application deleted by force', () => {
  it('cancels its subscriptions and revokes their keys', async () => {
    const { plan } = await tenant.onSale();
    const subscribed = await tenant.subscribed(developer, plan.id);
    const path = `/applications/${subscribed.application.id}?force=true`;
    const other = await tenant.developer();
    expect((await other.request(path, remove(subscribed.application))).status).toBe(404);
    const answer = await developer.request<Answer>(path, remove(subscribed.application));
    expect(answer).toMatchObject({ status: 200, body: cancelled(subscribed.subscription) });
    await expectTold('application.delete', [subscribed]);
  });
});

describe('a gateway group that is gone', () => {
  const deleteGroup = () => {
    const event = { tenantId: tenant.tenantId, subject: tenant.groupId, aggregateVersion: 2 };
    return portal.publish(gatewayGroupDeleted.create({ ...event, data: { groupId: tenant.groupId } }));
  };

  it('takes products that are sold nowhere else off sale and suspends their subscriptions', async () => {
    const { product, plan } = await tenant.onSale();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    await deleteGroup();
    await soon(async () => {
      const { body } = await tenant.admin<ApiProduct>(productPath(product));
      expect(body).toMatchObject({ state: 'draft', bindings: [] });
    });
    expect(await stateOf(subscription)).toBe('suspended');
    await soon(async () => {
      const suspended = await portal.published(subscriptionSuspended, tenant.tenantId);
      expect(suspended.at(-1)).toMatchObject({ subject: subscription.id, data: { groupIds: [] } });
      expect(await portal.published(productUnpublished, tenant.tenantId)).toMatchObject([{ subject: product.id }]);
      const audit = await portal.published(auditEntryRecorded, tenant.tenantId);
      expect(audit.find(({ data }) => data.action === 'api-product.unbind')?.data).toMatchObject({
        object: { kind: 'api-product', id: product.id },
        details: { groupId: tenant.groupId, offSale: true, suspended: 1 },
      });
    });
  });

  it('leaves products that are sold elsewhere on sale there', async () => {
    const elsewhere = { groupId: newId('grp'), routeIds: ['orders'] };
    portal.gatewayManager.setRoutes(elsewhere.groupId, [{ id: 'orders' }]);
    const bindings = [{ groupId: tenant.groupId, routeIds: ['orders'] }, elsewhere];
    const { product, plan } = await tenant.onSale({}, { bindings });
    const { subscription } = await tenant.subscribed(developer, plan.id);
    await deleteGroup();
    await soon(async () => {
      const { body } = await tenant.admin<ApiProduct>(productPath(product));
      expect(body).toMatchObject({ state: 'published', bindings: [elsewhere] });
      const published = await portal.published(productPublished, tenant.tenantId);
      expect(published.at(-1)?.data.bindings).toEqual([elsewhere]);
    });
    expect(await stateOf(subscription)).toBe('approved');
  });

  it('is in no draft product either', async () => {
    const draft = await tenant.product();
    await deleteGroup();
    await soon(async () =>
      expect((await tenant.admin<ApiProduct>(productPath(draft))).body).toMatchObject({ bindings: [] }),
    );
  });
});
