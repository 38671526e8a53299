import { newId } from '@tollgate/contracts';
import type { ForcedDeletion, Page } from '@tollgate/contracts/rest';
import type { GatewayGroup, Workspace } from '@tollgate/contracts/rest/gateway';
import {
  auditEntryRecorded,
  environmentDeleted,
  gatewayGroupAddressesChanged,
  gatewayGroupDeleted,
  productPublished,
} from '@tollgate/contracts/events';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { CONFIG_FEED, type ConfigFeed } from '../link/config-feed.ts';
import { sharedPoolId } from '../pools/shared-pool.ts';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

const groups = '/api/v1/gateway-groups';
let manager: RunningGatewayManager;
let tenant: SampleTenant;
let own: { tenantId: string };

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
  own = { tenantId: tenant.tenantId };
});

describe('a gateway group', () => {
  it('comes with a default host, the shared pool, a workspace and revision 1', async () => {
    const group = await manager.addGroup(tenant, 'shop');
    expect(group).toMatchObject({
      hosts: [`shop.${tenant.slug}.gw.localhost`],
      poolId: sharedPoolId,
      poolKind: 'shared',
      errorFormat: 'problem',
      environmentId: tenant.environmentId,
      projectId: tenant.projectId,
      revision: 1,
      version: 1,
    });
    const { body } = await manager.request<Page<Workspace>>(`${groups}/${group.id}/workspaces`, own);
    expect(body.items).toMatchObject([{ name: 'default', groupId: group.id }]);
    const read = await manager.request<GatewayGroup>(`${groups}/${group.id}`, own);
    expect(read).toMatchObject({ status: 200, body: group });
    expect(read.headers.get('etag')).toBe('"1"');
  });

  it('is found by its environment and by the policy templates that its draft refers to', async () => {
    const group = await manager.addGroup(tenant, 'first');
    await manager.addGroup(tenant, 'second');
    const policyTemplate = { id: newId('ptp'), version: 'latest' };
    const body = { value: { uri: '/a', upstream: { nodes: { 'a:1': 1 } } }, policyTemplate };
    await manager.request(`${groups}/${group.id}/routes/r`, { ...own, method: 'PUT', body });
    const find = async (query: string) =>
      (await manager.request<Page<GatewayGroup>>(`${groups}?${query}`, own)).body.items.map(({ name }) => name);
    expect(await find(`environmentId=${tenant.environmentId}`)).toEqual(['first', 'second']);
    expect(await find(`environmentId=${newId('env')}`)).toEqual([]);
    expect(await find(`policyTemplateId=${policyTemplate.id}`)).toEqual(['first']);
    expect(await find('search=IRS')).toEqual(['first']);
    expect(await find('limit=1')).toEqual(['first']);
  });

  it('that is self-hosted gets a pool of its own, which goes with it', async () => {
    const body = { environmentId: tenant.environmentId, name: 'own', pool: 'self-hosted' };
    const { body: group } = await manager.request<GatewayGroup>(groups, { ...own, body });
    expect(group.poolKind).toBe('self-hosted');
    expect((await manager.request(`/api/v1/pools/${group.poolId}`, own)).status).toBe(200);
    const removal = await manager.request(`${groups}/${group.id}`, { ...own, method: 'DELETE', ifMatch: 1 });
    expect(removal.status).toBe(204);
    expect((await manager.request(`/api/v1/pools/${group.poolId}`, own)).status).toBe(404);
    expect((await manager.request(`${groups}/${group.id}`, own)).status).toBe(404);
  });

  it('can be made in an environment that iam’s events have not announced yet', async () => {
    const environmentId = newId('env');
    const { tenantId, slug } = { tenantId: newId('tnt'), slug: 'early' };
    const environment = {
      environmentId,
      tenantId,
      projectId: newId('prj'),
      name: 'dev',
      projectName: 'New',
      version: 1,
    };
    manager.iam.answers.set('/internal/v1/environments', { items: [environment], nextCursor: null });
    const known = { tenantId, slug, name: 'Early', status: 'active', billingTimeZone: 'UTC', version: 1 };
    manager.iam.answers.set('/internal/v1/tenants', { items: [known], nextCursor: null });
    const answer = await manager.request<GatewayGroup>(groups, { tenantId, body: { environmentId, name: 'first' } });
    expect(answer).toMatchObject({ status: 201, body: { hosts: ['first.early.gw.localhost'] } });
  });

  it('cannot be made in an environment that is unknown, foreign or gone', async () => {
    manager.iam.answers.set('/internal/v1/environments', { items: [], nextCursor: null });
    const { environmentId, projectId } = tenant;
    const stranger = await manager.addTenant();
    const expected = { status: 400, body: { errors: [{ pointer: '/environmentId' }] } };
    expect(
      await manager.request(groups, { tenantId: stranger.tenantId, body: { environmentId, name: 'x1' } }),
    ).toMatchObject(expected);
    expect(await manager.request(groups, { ...own, body: { environmentId: newId('env'), name: 'x1' } })).toMatchObject(
      expected,
    );
    const data = { environmentId, projectId };
    await manager.publish(environmentDeleted.create({ ...own, subject: environmentId, aggregateVersion: 2, data }));
    await eventually(
      async () =>
        expect(await manager.request(groups, { ...own, body: { environmentId, name: newName() } })).toMatchObject(
          expected,
        ),
      { withinMs: 5000 },
    );
  });

  it('changes its settings in the draft, in force from the next publish of the group', async () => {
    const group = await manager.addGroup(tenant);
    const path = `${groups}/${group.id}`;
    const body = { errorFormat: 'apisix', maxAccessAgeSeconds: 60, quotaWhenCutOff: 'refuse' };
    const changed = await manager.request(path, { ...own, method: 'PATCH', body, ifMatch: 1 });
    expect(changed).toMatchObject({ status: 200, body: { ...body, version: 2, revision: 1 } });
    const published = await manager.request(`${path}/publish`, { ...own, body: { baseRevision: 1 } });
    expect(published.body).toMatchObject({ revision: 2, changes: [{ kind: 'group_settings', change: 'change' }] });
  });

  it('tells where calls go, as its owner wrote it, at once', async () => {
    const group = await manager.addGroup(tenant);
    expect(group).toMatchObject({ publicUrls: [], addresses: [] });
    const path = `${groups}/${group.id}`;
    const patch = (publicUrls: unknown, ifMatch: number) =>
      manager.request<GatewayGroup>(path, { ...own, method: 'PATCH', body: { publicUrls }, ifMatch });
    expect((await patch(['ftp://api.acme.test'], 1)).status).toBe(400);
    const publicUrls = ['https://api.acme.test/v1'];
    expect((await patch(publicUrls, 1)).body).toMatchObject({ publicUrls, addresses: publicUrls, version: 2 });
    await eventually(
      async () => {
        const events = await manager.published(gatewayGroupAddressesChanged, tenant.tenantId);
        const news = events.filter(({ data }) => data.groupId === group.id).map(({ data }) => data.addresses);
        expect(news).toEqual([publicUrls]);
      },
      { withinMs: 5000 },
    );
  });

  it('says how its upstreams are used, as a whole, from the next publish of the group', async () => {
    const feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
    const inForce = async () => (await feed.snapshot(group.id)).changes.find(({ kind }) => kind === 'group_settings');
    const group = await manager.addGroup(tenant);
    const path = `${groups}/${group.id}`;
    const patch = (upstreams: unknown, ifMatch: number, more: object = {}) =>
      manager.request<GatewayGroup>(path, { ...own, method: 'PATCH', body: { upstreams }, ifMatch, ...more });
    const publish = async (baseRevision: number) =>
      (await manager.request(`${path}/publish`, { ...own, body: { baseRevision } })).body;
    expect(group.upstreams).toBeNull();
    expect(await inForce()).not.toHaveProperty('value.upstreams');

    const ejection = { failures: 5, baseSeconds: 30, maxSeconds: 300, maxShare: 0.5 };
    const changed = await patch({ slowStartSeconds: 30, ejection: {} }, 1);
    expect(changed).toMatchObject({ status: 200, body: { upstreams: { slowStartSeconds: 30, ejection }, version: 2 } });
    expect(changed.headers.get('etag')).toBe('"2"');
    expect((await manager.request<GatewayGroup>(path, own)).body.upstreams).toEqual(changed.body.upstreams);
    expect(await inForce()).not.toHaveProperty('value.upstreams');
    expect(await publish(1)).toMatchObject({ revision: 2, changes: [{ kind: 'group_settings', change: 'change' }] });
    expect(await inForce()).toMatchObject({ value: { upstreams: { slowStartSeconds: 30, ejection } } });

    const other = { ...own, method: 'PATCH', body: { errorFormat: 'apisix' }, ifMatch: 2 } as const;
    expect((await manager.request<GatewayGroup>(path, other)).body.upstreams).toEqual(changed.body.upstreams);
    expect((await patch({ slowStartSeconds: 5 }, 3)).body.upstreams).toEqual({ slowStartSeconds: 5 });
    expect((await patch(null, 4)).body.upstreams).toBeNull();
    await publish(2);
    expect(await inForce()).not.toHaveProperty('value.upstreams');

    expect((await patch({}, 1)).status).toBe(412);
    expect((await patch({}, 5, { permissions: ['gateways.read'] })).status).toBe(403);
    const wrong: [string, unknown][] = [
      ['/upstreams/slowStartSeconds', { slowStartSeconds: -1 }],
      ['/upstreams/slowStartSeconds', { slowStartSeconds: 3601 }],
      ['/upstreams/slowStart', { slowStart: 1 }],
      ['/upstreams/ejection/failures', { ejection: { failures: 0 } }],
      ['/upstreams/ejection/maxShare', { ejection: { maxShare: 1.5 } }],
      ['/upstreams/ejection/maxSeconds', { ejection: { baseSeconds: 60, maxSeconds: 30 } }],
      ['/upstreams/ejection/share', { ejection: { share: 1 } }],
    ];
    for (const [pointer, upstreams] of wrong) {
      expect(await patch(upstreams, 5)).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    }
  });

  it('can be made with settings of its upstreams', async () => {
    const body = { environmentId: tenant.environmentId, name: 'slow', upstreams: { slowStartSeconds: 10 } };
    const created = await manager.request<GatewayGroup>(groups, { ...own, body });
    expect(created).toMatchObject({ status: 201, body: { upstreams: { slowStartSeconds: 10 } } });
    const feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
    const { changes } = await feed.snapshot(created.body.id);
    expect(changes).toMatchObject([{ kind: 'group_settings', value: { upstreams: { slowStartSeconds: 10 } } }]);
  });

  it('answers wrong requests with problems', async () => {
    const group = await manager.addGroup(tenant);
    const path = `${groups}/${group.id}`;
    const { environmentId } = tenant;
    const patch = { ...own, method: 'PATCH', body: { errorFormat: 'apisix' } } as const;
    expect((await manager.request(groups, { body: { environmentId, name: 'x1' } })).status).toBe(401);
    expect(
      (await manager.request(groups, { ...own, body: { environmentId, name: 'x1' }, permissions: ['gateways.read'] }))
        .status,
    ).toBe(403);
    expect(await manager.request(groups, { ...own, body: { environmentId, name: 'No Host' } })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/name' }] },
    });
    expect(await manager.request(groups, { ...own, body: { environmentId, name: 'main' } })).toMatchObject({
      status: 409,
      body: { code: 'resource.conflict' },
    });
    expect((await manager.request(path, patch)).status).toBe(428);
    expect((await manager.request(path, { ...patch, ifMatch: 7 })).status).toBe(412);
    const stranger = await manager.addTenant();
    const foreign = await manager.request(path, { tenantId: stranger.tenantId });
    const unknown = await manager.request(`${groups}/${newId('grp')}`, own);
    expect([foreign.status, foreign.body['code'], foreign.body['title']]).toEqual([
      404,
      unknown.body['code'],
      unknown.body['title'],
    ]);
    expect((await manager.request(path, { tenantId: stranger.tenantId, method: 'DELETE', ifMatch: 1 })).status).toBe(
      404,
    );
    const { body: list } = await manager.request<Page<GatewayGroup>>(groups, { tenantId: stranger.tenantId });
    expect(list.items).toEqual([]);
  });
});

describe('a gateway group deleted by force', () => {
  const remove = (path: string, more: object = {}) =>
    manager.request<ForcedDeletion>(path, { ...own, method: 'DELETE', ifMatch: 1, ...more });

  it('is taken out of products, and told so', async () => {
    const group = await manager.addGroup(tenant);
    const productId = newId('prd');
    const bindings = [{ groupId: group.id, routeIds: ['one'] }];
    const data = { productId, name: 'Weather', bindings, planVersionIds: [], keyless: false };
    await manager.publish(productPublished.create({ ...own, subject: productId, aggregateVersion: 1, data }));
    const path = `${groups}/${group.id}`;
    await eventually(async () => expect((await remove(`${path}?dryRun=true`)).status).toBe(409), { withinMs: 5000 });
    const body = { dependants: [{ kind: 'api-product', id: productId, effect: 'detached' }], total: 1 };
    expect(await remove(`${path}?force=true&dryRun=true`)).toMatchObject({ status: 200, body });
    expect((await manager.request(path, own)).status).toBe(200);
    expect((await remove(`${path}?force=true`, { permissions: ['gateways.write'] })).status).toBe(403);
    expect((await remove(`${path}?force=true`, { ifMatch: 7 })).status).toBe(412);
    const stranger = await manager.addTenant();
    expect((await remove(`${path}?force=true`, { tenantId: stranger.tenantId })).status).toBe(404);
    expect(await remove(`${path}?force=true`)).toMatchObject({ status: 200, body });
    expect((await manager.request(path, own)).status).toBe(404);
    await eventually(
      async () => {
        const [gone] = await manager.published(gatewayGroupDeleted, tenant.tenantId);
        expect(gone).toMatchObject({ subject: group.id, aggregateversion: 2 });
        const audit = await manager.published(auditEntryRecorded, tenant.tenantId);
        expect(audit.at(-1)?.data).toMatchObject({ action: 'gateway-group.delete', details: body });
      },
      { withinMs: 5000 },
    );
  });

  it('goes with its environment, when that was deleted by force only', async () => {
    const group = await manager.addGroup(tenant);
    const { environmentId, projectId } = tenant;
    const end = (forced: boolean, aggregateVersion: number) =>
      manager.publish(
        environmentDeleted.create({
          ...own,
          subject: environmentId,
          aggregateVersion,
          data: { environmentId, projectId, forced },
        }),
      );
    await end(false, 2);
    const isGone = async () => (await manager.request(`${groups}/${group.id}`, own)).status === 404;
    const inEnvironment = { ...own, body: { environmentId, name: 'late' } };
    await eventually(async () => expect((await manager.request(groups, inEnvironment)).status).toBe(400), {
      withinMs: 5000,
    });
    expect(await isGone()).toBe(false);
    await end(true, 3);
    await eventually(async () => expect(await isGone()).toBe(true), { withinMs: 5000 });
    await eventually(
      async () => {
        const audit = await manager.published(auditEntryRecorded, tenant.tenantId);
        expect(audit.find(({ data }) => data.object.id === group.id && data.actor.id === 'iam')?.data).toMatchObject({
          action: 'gateway-group.delete',
          actor: { kind: 'service', id: 'iam' },
          details: { environmentId, total: 0 },
        });
      },
      { withinMs: 5000 },
    );
  });
});

let names = 0;
const newName = () => `group-${(names += 1)}`;

describe('workspaces', () => {
  it('are made, renamed and deleted, by version', async () => {
    const group = await manager.addGroup(tenant);
    const path = `${groups}/${group.id}/workspaces`;
    const { status, body: team } = await manager.request<Workspace>(path, { ...own, body: { name: 'team' } });
    expect(status).toBe(201);
    const one = `${path}/${team.id}`;
    const rename = { ...own, method: 'PATCH', body: { name: 'crew' } } as const;
    expect((await manager.request(one, rename)).status).toBe(428);
    expect((await manager.request(one, { ...rename, ifMatch: 9 })).status).toBe(412);
    expect(await manager.request(one, { ...rename, ifMatch: 1 })).toMatchObject({
      status: 200,
      body: { name: 'crew', version: 2 },
    });
    expect((await manager.request(path, { ...own, body: { name: 'crew' } })).status).toBe(409);
    expect((await manager.request(one, { ...own, method: 'DELETE', ifMatch: 2 })).status).toBe(204);
    expect((await manager.request(one, own)).status).toBe(404);
  });

  it('that hold resources are kept', async () => {
    const group = await manager.addGroup(tenant);
    const { body: page } = await manager.request<Page<Workspace>>(`${groups}/${group.id}/workspaces`, own);
    const value = { nodes: { 'a:1': 1 } };
    await manager.request(`${groups}/${group.id}/upstreams/u`, { ...own, method: 'PUT', body: { value } });
    const path = `${groups}/${group.id}/workspaces/${page.items[0]?.id}`;
    expect(await manager.request(path, { ...own, method: 'DELETE', ifMatch: 1 })).toMatchObject({
      status: 409,
      body: { code: 'resource.in_use' },
    });
    expect((await manager.request(path, { body: {}, method: 'PATCH' })).status).toBe(401);
    expect((await manager.request(path, { ...own, permissions: [] })).status).toBe(403);
    expect((await manager.request(path, { ...own, method: 'PATCH', ifMatch: 1, body: { name: '' } })).status).toBe(400);
  });
});
