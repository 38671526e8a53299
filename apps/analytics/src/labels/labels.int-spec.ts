import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { rebuildAnalyticsProjections } from '@tollgate/contracts/rest/analytics';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { portalEvents, sampleTenant } from '../testing/portal-samples.ts';
import { type RunningAnalytics, startAnalytics } from '../testing/start-analytics.ts';

/** Items that the owners answer with, by path. */
const answers = new Map<string, object[]>();
let owners: Server;
let analytics: RunningAnalytics;

beforeAll(async () => {
  owners = createServer((request, response) => {
    const items = answers.get((request.url ?? '').split('?', 1)[0] ?? '') ?? [];
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items, nextCursor: null }));
  });
  await new Promise<void>((resolve) => owners.listen(0, '127.0.0.1', resolve));
  const ownersUrl = `http://127.0.0.1:${(owners.address() as AddressInfo).port}`;
  analytics = await startAnalytics({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 11),
    gatewayManagerUrl: ownersUrl,
    portalUrl: ownersUrl,
    iamUrl: ownersUrl,
  });
});
afterAll(async () => {
  await analytics.close();
  owners.closeAllConnections();
  await new Promise((resolve) => owners.close(resolve));
});

it('rebuilding labels and quotas reports what was damaged, puts it right, and then finds nothing more to do', async () => {
  const tenant = sampleTenant();
  const { tenantId, groupId, productId, planVersionId, subscriptionId, applicationId } = tenant;
  const planSince = new Date(Date.now() - 3_600_000).toISOString();
  const quota = { calls: 100, period: 'month' } as const;
  const common = { productId, planVersionId, groupIds: [groupId] };
  const route = { id: 'route-1', name: 'Search', uris: ['/'], methods: [], serviceId: null, authentication: [] };
  answers.set('/internal/v1/tenants', [
    { tenantId, slug: 'acme', name: 'Acme', status: 'active', billingTimeZone: 'Europe/Berlin', version: 1 },
  ]);
  answers.set('/internal/v1/portal/products', [
    { productId, name: 'Weather', state: 'published', bindings: [], planVersionIds: [], keyless: false, version: 1 },
    {
      productId: newId('prd'),
      name: 'Draft',
      state: 'draft',
      bindings: [],
      planVersionIds: [],
      keyless: false,
      version: 1,
    },
  ]);
  answers.set('/internal/v1/portal/plans', [
    { planId: newId('pln'), planVersionId, productId, version: 1, name: 'Gold', limit: null, quota },
  ]);
  answers.set('/internal/v1/portal/subscriptions', [
    {
      ...common,
      subscriptionId,
      applicationId,
      applicationName: 'Forecasts',
      developerId: newId('dev'),
      state: 'approved',
      planSince,
      version: 2,
    },
  ]);
  answers.set('/internal/v1/gateway-groups', [
    { groupId, environmentId: newId('env'), name: 'main', hosts: [], revision: 3 },
  ]);
  answers.set(`/internal/v1/gateway-groups/${groupId}/routes`, [route]);

  const client = new ServiceClient(new ServiceTokens(testMasterKey, 'rebuild-command'), { analytics: analytics.url });
  const rebuild = async () => {
    const { projections } = await client.call(rebuildAnalyticsProjections, { tenantId });
    return projections.map(({ projection, checked, drift }) => `${projection} ${drift}/${checked}`);
  };
  const inLine = ['billing-zones 0/1', 'labels 0/3', 'quotas 0/2', 'route-names 0/1'];
  const run = (sql: string) => analytics.database.query(sql, [tenantId]);
  const plans = () =>
    run('select plan_version_id, effective_from from analytics.subscription_plans where tenant_id = $1');

  await analytics.publish(...portalEvents(tenant, 'Europe/Berlin', quota));
  await eventually(
    async () => {
      expect(await plans()).toHaveLength(1);
      const told = 'select told from analytics.quota_subscriptions where tenant_id = $1 and told is not null';
      expect(await run(told)).toHaveLength(1);
    },
    { withinMs: 10_000 },
  );
  expect(await rebuild()).toEqual(['billing-zones 0/1', 'labels 0/3', 'quotas 0/2', 'route-names 1/1']);
  expect(await rebuild()).toEqual(inLine);

  await run(`update analytics.billing_zones set zone = 'UTC' where tenant_id = $1`);
  await run(`update analytics.product_labels set name = 'wrong' where tenant_id = $1`);
  await run(`update analytics.plan_version_labels set name = 'wrong' where tenant_id = $1`);
  await run('delete from analytics.subscription_labels where tenant_id = $1');
  await run('delete from analytics.subscription_plans where tenant_id = $1');
  await run(`update analytics.quota_plans set calls = 7 where tenant_id = $1`);
  await run('update analytics.quota_subscriptions set is_live = false where tenant_id = $1');
  await run(`update analytics.route_labels set name = 'wrong' where tenant_id = $1`);
  expect(await rebuild()).toEqual(['billing-zones 1/1', 'labels 3/3', 'quotas 2/2', 'route-names 1/1']);
  expect(await run('select zone from analytics.billing_zones where tenant_id = $1')).toEqual([
    { zone: 'Europe/Berlin' },
  ]);
  expect(await run('select name from analytics.route_labels where tenant_id = $1')).toEqual([{ name: 'Search' }]);
  const minute = new Date(Math.floor(Date.parse(planSince) / 60_000) * 60_000);
  expect(await plans()).toEqual([{ plan_version_id: planVersionId, effective_from: minute }]);
  expect(await rebuild()).toEqual(inLine);

  await run(
    `update analytics.subscription_plans set plan_version_id = 'plv_x', effective_from = now() where tenant_id = $1`,
  );
  expect(await rebuild()).toEqual(['billing-zones 0/1', 'labels 1/3', 'quotas 0/2', 'route-names 0/1']);
  expect(await plans()).toEqual([{ plan_version_id: planVersionId, effective_from: minute }]);
  expect(await rebuild()).toEqual(inLine);

  answers.set('/internal/v1/portal/subscriptions', []);
  expect(await rebuild()).toContain('quotas 1/2');
  expect(await run('select is_live from analytics.quota_subscriptions where tenant_id = $1')).toEqual([
    { is_live: false },
  ]);
  expect(await rebuild()).toContain('quotas 0/1');
});
