import { auditEntryRecorded, planVersionPublished, productPublished } from '@tollgate/contracts/events';
import type { Problem } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import type { ApiProduct, Plan, PlanVersion } from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from '../testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from '../testing/start-portal.ts';

let portal: RunningPortal;
let tenant: PortalTenant;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 13 });
  tenant = await PortalTenant.create(portal);
});
afterAll(() => portal.close());

const pathOf = ({ id }: Plan) => `/api/v1/plans/${id}`;
const change = (plan: Plan, body: unknown, version = plan.version) =>
  tenant.admin<Plan & Problem>(pathOf(plan), { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } });
const remove = (plan: Plan) =>
  tenant.admin<Problem>(pathOf(plan), { method: 'DELETE', headers: { 'if-match': `"${plan.version}"` } });
const addVersion = (plan: Plan, body: unknown) =>
  tenant.admin<PlanVersion & Problem>(`${pathOf(plan)}/versions`, { body });

describe('plans', () => {
  it('begin with version 1 of their terms', async () => {
    const draft = await tenant.product();
    const limit = { calls: 5, windowSeconds: 60 };
    const plan = await tenant.plan(draft.id, { limit, quota: { calls: 100, period: 'day' }, approval: 'manual' });
    expect(plan.current).toMatchObject({ number: 1, limit, quota: { calls: 100, period: 'day' }, approval: 'manual' });
    expect((await tenant.admin<Plan>(pathOf(plan))).body).toEqual(plan);
    const listed = await tenant.admin<Page<Plan>>(`/api/v1/api-products/${draft.id}/plans`);
    expect(listed.body.items).toEqual([plan]);
  });

  it('are refused with the place of every mistake', async () => {
    const { id } = await tenant.product();
    const body = {
      name: 'Wrong',
      limit: { calls: 0, windowSeconds: 60, per: 'x' },
      quota: { calls: 1, period: 'year' },
    };
    const refused = await tenant.admin<Problem>(`/api/v1/api-products/${id}/plans`, { body });
    expect(refused.status).toBe(400);
    const pointers = refused.body.errors?.map(({ pointer }) => pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/limit/calls', '/limit/per', '/quota/period']));
  });

  it('have a name of their own within the product', async () => {
    const { id } = await tenant.product();
    const { name } = await tenant.plan(id);
    const again = await tenant.admin<Problem>(`/api/v1/api-products/${id}/plans`, { body: { name } });
    expect(again).toMatchObject({ status: 409, body: { code: 'resource.conflict' } });
  });

  it('are at most 20 to a product', async () => {
    const { id } = await tenant.product();
    await Promise.all(Array.from({ length: 20 }, () => tenant.plan(id)));
    const more = await tenant.admin<Problem>(`/api/v1/api-products/${id}/plans`, { body: { name: 'One more' } });
    expect(more).toMatchObject({ status: 409, body: { code: 'portal.limit_reached' } });
  });

  it('change only by whoever read the present version', async () => {
    const plan = await tenant.plan((await tenant.product()).id);
    expect((await tenant.admin(pathOf(plan), { method: 'PATCH', body: {} })).status).toBe(428);
    expect((await change(plan, { description: 'For all' })).body).toMatchObject({ description: 'For all', version: 2 });
    expect((await change(plan, { description: 'late' })).status).toBe(412);
  });
});

describe('new terms', () => {
  it('are a new version: whoever subscribed before keeps theirs, both are announced', async () => {
    const { product, plan } = await tenant.onSale();
    const developer = await tenant.developer();
    const { subscription } = await tenant.subscribed(developer, plan.id);
    const added = await addVersion(plan, { limit: { calls: 1, windowSeconds: 1 }, approval: 'automatic' });
    expect(added).toMatchObject({ status: 201, body: { number: 2, planId: plan.id } });

    const versions = await tenant.admin<Page<PlanVersion>>(`${pathOf(plan)}/versions`);
    expect(versions.body.items).toEqual([plan.current, added.body]);
    const before = await developer.request(`/subscriptions/${subscription.id}`);
    expect(before.body).toMatchObject({ planVersionId: plan.current.id });
    const { subscription: later } = await tenant.subscribed(developer, plan.id);
    expect(later.planVersionId).toBe(added.body.id);

    await eventually(
      async () => {
        const announced = await portal.published(planVersionPublished, tenant.tenantId);
        const numbers = announced.filter(({ data }) => data.planId === plan.id).map(({ data }) => data.version);
        expect(new Set(numbers)).toEqual(new Set([1, 2]));
        const published = await portal.published(productPublished, tenant.tenantId);
        const last = published.filter(({ subject }) => subject === product.id).at(-1);
        expect(last?.aggregateversion).toBeGreaterThan(product.version);
        expect(new Set(last?.data.planVersionIds)).toEqual(new Set([plan.current.id, added.body.id]));
      },
      { withinMs: 10_000 },
    );
  });

  it('are refused for a retired plan', async () => {
    const plan = await tenant.plan((await tenant.product()).id);
    const retired = await change(plan, { retired: true });
    expect(await addVersion(retired.body, {})).toMatchObject({ status: 409, body: { code: 'portal.state_conflict' } });
  });
});

describe('a retired plan', () => {
  it('keeps its subscriptions and takes no more', async () => {
    const { product, plan } = await tenant.onSale();
    await tenant.plan(product.id);
    const developer = await tenant.developer();
    const { application, subscription } = await tenant.subscribed(developer, plan.id);
    expect((await change(plan, { retired: true })).body.retired).toBe(true);
    await developer.request(`/subscriptions/${subscription.id}/cancel`, { method: 'POST' });
    const body = { applicationId: application.id, planId: plan.id };
    const refused = await developer.request<Problem>('/subscriptions', { body });
    expect(refused).toMatchObject({ status: 409, body: { code: 'plan.not_offered' } });
    const page = await tenant.visit<{ plans: Plan[] }>(`/products/${product.id}`);
    expect(page.body.plans.map(({ id }) => id)).not.toContain(plan.id);
  });

  it('is never the last one of a product on sale', async () => {
    const { product, plan } = await tenant.onSale();
    expect(await change(plan, { retired: true })).toMatchObject({
      status: 409,
      body: { code: 'portal.state_conflict' },
    });
    expect(await remove(plan)).toMatchObject({ status: 409, body: { code: 'portal.state_conflict' } });
    expect((await tenant.admin<ApiProduct>(`/api/v1/api-products/${product.id}`)).body.version).toBe(product.version);
    expect((await tenant.admin<Plan>(pathOf(plan))).body).toEqual(plan);
  });
});

describe('deleting a plan', () => {
  it('while it is being read is answered as if it had never been', async () => {
    const { id } = await tenant.product();
    const plan = await tenant.plan(id);
    const other = await tenant.plan(id);
    const deleter = new Client({ connectionString: portal.database.adminUrl });
    await deleter.connect();
    try {
      // Readers find the plan, and wait for its versions until it is gone.
      await deleter.query('begin; lock table portal.plan_versions in access exclusive mode');
      const reads = [tenant.admin(pathOf(plan)), tenant.admin<Page<Plan>>(`/api/v1/api-products/${id}/plans`)] as const;
      const waiting = "select 1 from pg_locks where not granted and relation = 'portal.plan_versions'::regclass";
      await eventually(async () => expect((await deleter.query(waiting)).rowCount).toBe(2), { withinMs: 10_000 });
      await deleter.query('delete from portal.plans where id = $1', [plan.id]);
      await deleter.query('commit');
      const [one, list] = await Promise.all(reads);
      expect(one.status).toBe(404);
      expect(list.body.items).toEqual([other]);
    } finally {
      await deleter.end();
    }
  });

  it('is refused while it has live subscriptions, which the answer lists', async () => {
    const { product, plan } = await tenant.onSale();
    const { id } = await tenant.plan(product.id);
    const { subscription } = await tenant.subscribed(await tenant.developer(), plan.id);
    const refused = await remove(plan);
    expect(refused).toMatchObject({ status: 409, body: { code: 'resource.in_use' } });
    expect(refused.body.errors?.[0]?.message).toContain(subscription.id);
    await tenant.admin(`/api/v1/subscriptions/${subscription.id}/cancel`, { method: 'POST' });
    expect((await remove(plan)).status).toBe(204);
    const left = await tenant.admin<Page<Plan>>(`/api/v1/api-products/${product.id}/plans`);
    expect(left.body.items.map((each) => each.id)).toEqual([id]);
  });
});

describe('the audit log', () => {
  it('tells what became of a plan, the terms of a new version included', async () => {
    const product = await tenant.product();
    const plan = await tenant.plan(product.id, { quota: null });
    await change(plan, { description: 'for many' });
    await addVersion(plan, { limit: { calls: 7, windowSeconds: 60 }, approval: 'automatic' });
    await eventually(
      async () => {
        const audit = await portal.published(auditEntryRecorded, tenant.tenantId);
        const ofPlan = audit.filter(({ data }) => data.object.id === plan.id).map(({ data }) => data);
        const [created, updated, versioned] = ofPlan;
        expect(created?.changes?.changes).toContainEqual(expect.objectContaining({ path: '/terms', kind: 'added' }));
        expect(updated?.changes?.changes).toEqual([
          { path: '/description', kind: 'changed', before: plan.description, after: 'for many', redacted: false },
        ]);
        expect(versioned?.changes?.changes.map(({ path }) => path)).toContain('/terms/limit/calls');
      },
      { withinMs: 5000 },
    );
  });
});
