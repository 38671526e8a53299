import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { type GatewayGroup, listGroupSnapshots, listPublishedRoutes } from '@tollgate/contracts/rest/gateway';
import { testMasterKey } from '@tollgate/persistence/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let client: ServiceClient;
let tenant: SampleTenant;
let group: GatewayGroup;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  const tokens = new ServiceTokens(testMasterKey, 'developer-portal');
  client = new ServiceClient(tokens, { 'gateway-manager': manager.service.url });
  tenant = await manager.addTenant();
  group = await manager.addGroup(tenant);
});
afterAll(() => manager.close());

const at = (path: string) => `/api/v1/gateway-groups/${group.id}/${path}`;
const put = (path: string, body: object) =>
  manager.request(at(path), { tenantId: tenant.tenantId, method: 'PUT', body });

describe('the snapshot of routes', () => {
  it('tells for each route in force which policies authenticate its callers', async () => {
    const { tenantId } = tenant;
    const templateId = newId('ptp');
    const plugins = { 'key-auth': {}, 'limit-count': { count: 1, time_window: 60 } };
    const template = { templateId, name: 'Keys', number: 1, contentHash: 'a'.repeat(64), plugins };
    manager.policyManager.answers.set(`/internal/v1/policy-templates/${templateId}/versions/1`, template);
    const policyTemplate = { id: templateId, version: 1 };
    const upstream = { nodes: { 'a:1': 1 } };
    await put('services/keyed', { value: { name: 'Keyed', upstream }, policyTemplate });
    await put('routes/by-service', { value: { uri: '/a', service_id: 'keyed', methods: ['GET'] } });
    await put('routes/by-route', { value: { uris: ['/b', '/c'], upstream }, policyTemplate });
    await put('routes/open', { value: { uri: '/d', upstream, name: 'Open' } });
    expect((await client.call(listPublishedRoutes, { tenantId, params: { groupId: group.id } })).items).toEqual([]);

    const published = await manager.request(at('publish'), { tenantId, body: { baseRevision: 1 } });
    expect(published.status).toBe(200);
    const { items } = await client.call(listPublishedRoutes, { tenantId, params: { groupId: group.id } });
    expect(items).toEqual([
      { id: 'by-route', name: null, uris: ['/b', '/c'], methods: [], serviceId: null, authentication: ['key-auth'] },
      {
        id: 'by-service',
        name: null,
        uris: ['/a'],
        methods: ['GET'],
        serviceId: 'keyed',
        authentication: ['key-auth'],
      },
      { id: 'open', name: 'Open', uris: ['/d'], methods: [], serviceId: null, authentication: [] },
    ]);
  });

  it('is paged, and empty-handed for other tenants', async () => {
    const { tenantId } = tenant;
    const params = { groupId: group.id };
    const first = await client.call(listPublishedRoutes, { tenantId, params, query: { limit: 2 } });
    expect(first.items).toHaveLength(2);
    const query = { limit: 2, cursor: first.nextCursor ?? '' };
    const second = await client.call(listPublishedRoutes, { tenantId, params, query });
    expect(second).toMatchObject({ items: [{ id: 'open' }], nextCursor: null });
    await expect(client.call(listPublishedRoutes, { tenantId: newId('tnt'), params })).rejects.toMatchObject({
      definition: { status: 404 },
    });
  });

  it('is for services only', async () => {
    const path = `/internal/v1/gateway-groups/${group.id}/routes`;
    expect((await manager.request(path)).status).toBe(401);
    expect([401, 403]).toContain((await manager.request(path, { tenantId: tenant.tenantId })).status);
  });
});

describe('the snapshot of groups', () => {
  it('lists a tenant’s groups with the revision in force', async () => {
    const { items } = await client.call(listGroupSnapshots, { tenantId: tenant.tenantId });
    expect(items).toEqual([
      {
        groupId: group.id,
        environmentId: tenant.environmentId,
        name: 'main',
        hosts: group.hosts,
        addresses: [],
        revision: 2,
      },
    ]);
  });
});
