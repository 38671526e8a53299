import { operatorPermissions } from '@tollgate/contracts/auth';
import { linkPaths } from '@tollgate/contracts/dataplane';
import type { Page } from '@tollgate/contracts/rest';
import type { CreatedEnrolmentToken, DataPlane, GatewayGroup, Pool } from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';
import { LinkServer } from './link-server.ts';
import { manyEnrolments } from './testing/link-scene.ts';
import { fetchRoot, LinkClient, type TestIdentity } from './testing/link-client.ts';

let manager: RunningGatewayManager;
let tenants: [SampleTenant, SampleTenant];
let groups: [GatewayGroup, GatewayGroup];
let client: LinkClient;
let identity: TestIdentity;

const asOperator = <T>(path: string, body?: unknown) =>
  manager.request<T>(path, {
    tenantId: tenants[0].tenantId,
    permissions: operatorPermissions,
    ...(body === undefined ? {} : { body }),
  });

const as = <T>(tenant: SampleTenant, path: string, method: 'GET' | 'POST' = 'GET') =>
  manager.request<T>(path, { tenantId: tenant.tenantId, method });

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'), manyEnrolments);
  tenants = [await manager.addTenant(), await manager.addTenant()];
  groups = [await manager.addGroup(tenants[0]), await manager.addGroup(tenants[1])];
  const tokens = `/api/v1/shared-pools/${groups[0].poolId}/enrolment-tokens`;
  const { token } = (await asOperator<CreatedEnrolmentToken>(tokens, { name: 'shared' })).body;
  const { url } = manager.service.app.get(LinkServer, { strict: false });
  const stranger = new LinkClient(url, await fetchRoot(url));
  identity = await stranger.enrol(token);
  client = stranger.as(identity);
});
afterAll(() => manager.close());

describe('a data plane of a shared pool', () => {
  it('knows that it is shared, and gets the groups of every tenant that the pool serves', async () => {
    expect(identity.shared).toBe(true);
    const stream = await client.stream();
    const begun = () => new Set(stream.lines.flatMap((line) => (line.type === 'begin' ? [line.groupId] : [])));
    await eventually(() => expect(begun()).toEqual(new Set(groups.map(({ id }) => id))), { withinMs: 5_000 });
    stream.close();
  });

  it('gets a group that joins while it is connected', async () => {
    const stream = await client.stream();
    const tenant = await manager.addTenant();
    const { id } = await manager.addGroup(tenant);
    await eventually(() => expect(stream.lines).toContainEqual(expect.objectContaining({ groupId: id })), {
      withinMs: 5_000,
    });
    stream.close();
  });

  it('shows each tenant its state and the tenant’s own groups, nobody else’s', async () => {
    const acknowledgements = groups.map(({ id }) => ({
      outcome: 'applied',
      groupId: id,
      sequence: 'revision',
      position: 1,
    }));
    expect((await client.post(linkPaths.ack, { acknowledgements })).status).toBe(204);
    for (const index of [0, 1] as const) {
      const path = `/api/v1/data-planes/${identity.dataPlaneId}`;
      const { body } = await as<DataPlane>(tenants[index], path);
      expect(body).toMatchObject({ shared: true, groups: [{ groupId: groups[index].id, revision: 1 }] });
      const list = await as<Page<DataPlane>>(tenants[index], '/api/v1/data-planes');
      expect(list.body.items.map(({ id }) => id)).toEqual([identity.dataPlaneId]);
    }
  });

  it('is not there for a tenant that it does not serve', async () => {
    const stranger = await manager.addTenant();
    expect((await as(stranger, `/api/v1/data-planes/${identity.dataPlaneId}`)).status).toBe(404);
    expect((await as<Page<DataPlane>>(stranger, '/api/v1/data-planes')).body.items).toEqual([]);
  });

  it('cannot be changed by the tenants that it serves, nor its pool be joined', async () => {
    for (const verb of ['revoke', 'drain', 'resume']) {
      const path = `/api/v1/data-planes/${identity.dataPlaneId}/${verb}`;
      expect((await as(tenants[0], path, 'POST')).status).toBe(404);
    }
    const path = `/api/v1/pools/${groups[0].poolId}/enrolment-tokens`;
    const created = await manager.request(path, { tenantId: tenants[0].tenantId, body: { name: 'x' } });
    expect(created.status).toBe(404);
    const shared = `/api/v1/shared-pools/${groups[0].poolId}/enrolment-tokens`;
    const refused = await manager.request(shared, { tenantId: tenants[0].tenantId, body: { name: 'x' } });
    expect(refused.status).toBe(403);
  });

  it('is listed and revoked by the operator', async () => {
    const pools = await asOperator<Page<Pool>>('/api/v1/shared-pools');
    expect(pools.body.items.map(({ id }) => id)).toContain(groups[0].poolId);
    const list = `/api/v1/shared-pools/${groups[0].poolId}/data-planes`;
    expect((await asOperator<Page<DataPlane>>(list)).body.items).toMatchObject([{ id: identity.dataPlaneId }]);
    const revoked = await manager.request(`${list}/${identity.dataPlaneId}/revoke`, {
      tenantId: tenants[0].tenantId,
      permissions: operatorPermissions,
      method: 'POST',
    });
    expect(revoked.status).toBe(200);
    expect((await client.post(linkPaths.ack, {})).body).toMatchObject({ code: 'link.instance_revoked' });
  });
});
