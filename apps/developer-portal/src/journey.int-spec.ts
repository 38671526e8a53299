import {
  credentialIssued,
  credentialRevoked,
  planVersionPublished,
  productPublished,
  subscriptionApproved,
  subscriptionRequested,
} from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type {
  ApprovalItem,
  CatalogueProduct,
  Credential,
  IssuedCredential,
  ProductPage,
  Subscription,
} from '@tollgate/contracts/rest/portal';
import { eventually } from '@tollgate/testing';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { PortalTenant } from './testing/portal-tenant.ts';
import { type RunningPortal, startPortal } from './testing/start-portal.ts';

let portal: RunningPortal;

beforeAll(async () => {
  portal = await startPortal({ databaseUrl: inject('databaseUrl'), redisUrl: inject('redisUrl'), redisDatabase: 10 });
});
afterAll(() => portal.close());

describe('from product to key', () => {
  it('tells gateways all they need, in an order that holds per subscription', async () => {
    const tenant = await PortalTenant.create(portal);
    const { product, plan } = await tenant.onSale({ approval: 'manual', quota: { calls: 1000, period: 'month' } });

    const catalogue = await tenant.visit<Page<CatalogueProduct>>('/products?search=orders');
    expect(catalogue.body.items).toMatchObject([
      { id: product.id, plans: [{ id: plan.id, versionId: plan.current.id, approval: 'manual' }] },
    ]);
    const page = await tenant.visit<ProductPage>(`/products/${product.id}`);
    expect(page.body.hosts).toEqual([tenant.host]);

    const developer = await tenant.developer({ approved: false });
    const refused = await developer.request<{ code: string }>('/applications', { body: { name: 'Too early' } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'developer.not_approved' } });
    const waiting = await tenant.admin<Page<ApprovalItem>>('/api/v1/approvals');
    expect(waiting.body.items).toMatchObject([{ kind: 'developer', developerId: developer.id }]);
    expect((await tenant.admin(`/api/v1/developers/${developer.id}/approve`, { method: 'POST' })).status).toBe(200);

    const { subscription, credential } = await tenant.subscribed(developer, plan.id);
    expect(subscription.state).toBe('pending');
    const queue = await tenant.admin<Page<ApprovalItem>>('/api/v1/approvals');
    expect(queue.body.items).toMatchObject([
      { kind: 'subscription', subscriptionId: subscription.id, planName: plan.name },
    ]);
    const approve = `/api/v1/subscriptions/${subscription.id}/approve`;
    expect((await tenant.admin<Subscription>(approve, { method: 'POST' })).body.state).toBe('approved');
    expect((await tenant.admin<Page<ApprovalItem>>('/api/v1/approvals')).body.items).toEqual([]);

    const keySha256 = createHash('sha256').update(credential.key).digest('hex');
    const revoke = `/subscriptions/${subscription.id}/credentials/${credential.id}/revoke`;
    expect((await developer.request<Credential>(revoke, { method: 'POST' })).body.state).toBe('revoked');

    const { tenantId, groupId } = tenant;
    await eventually(
      async () => {
        const [revoked] = await portal.published(credentialRevoked, tenantId);
        expect(revoked?.data).toEqual({
          credentialId: credential.id,
          subscriptionId: subscription.id,
          groupIds: [groupId],
        });
      },
      { withinMs: 10_000 },
    );
    const [requested] = await portal.published(subscriptionRequested, tenantId);
    const [approved] = await portal.published(subscriptionApproved, tenantId);
    const issued = await portal.published(credentialIssued, tenantId);
    const keyed = [requested, approved, ...issued].map((event) => event?.partitionkey);
    expect(new Set(keyed)).toEqual(new Set([subscription.id]));
    expect(approved?.data).toMatchObject({
      planVersionId: plan.current.id,
      groupIds: [groupId],
    });
    expect(issued.map(({ data }) => data.keySha256)).toEqual([keySha256, keySha256]);
    const [published] = await portal.published(productPublished, tenantId);
    expect(published?.data).toMatchObject({ productId: product.id, planVersionIds: [plan.current.id], keyless: false });
    const [version] = await portal.published(planVersionPublished, tenantId);
    expect(version?.data).toMatchObject({ planVersionId: plan.current.id, quota: { calls: 1000, period: 'month' } });
  });

  it('shows a key once and stores its SHA-256 only', async () => {
    const tenant = await PortalTenant.create(portal);
    const { plan } = await tenant.onSale();
    const developer = await tenant.developer();
    const { subscription, credential } = await tenant.subscribed(developer, plan.id);
    expect(credential.key).toMatch(/^tg_key_[A-Za-z0-9_-]{49}$/);
    const listed = await developer.request<Page<IssuedCredential>>(`/subscriptions/${subscription.id}/credentials`);
    expect(listed.body.items).toMatchObject([{ id: credential.id, hint: credential.key.slice(-4) }]);
    expect(JSON.stringify(listed.body)).not.toContain(credential.key);
    const rows = await portal.database.query('select row_to_json(c) as row from portal.credentials c');
    expect(JSON.stringify(rows)).toContain(createHash('sha256').update(credential.key).digest('hex'));
    expect(JSON.stringify(rows)).not.toContain(credential.key);
    const issued = await eventually(
      async () => {
        const events = await portal.published(credentialIssued, tenant.tenantId);
        expect(events).not.toEqual([]);
        return events;
      },
      { withinMs: 10_000 },
    );
    expect(JSON.stringify(issued)).not.toContain(credential.key);
  });
});
