import type { Page } from '@tollgate/contracts/rest';
import type { DraftChange, DraftResource, GatewayGroup } from '@tollgate/contracts/rest/gateway';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type RequestOptions,
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let tenant: SampleTenant;
let group: GatewayGroup;
const template = 'ptp_06h1tm0vdhqgf2f6snph05jq90';
const upstream = { nodes: [{ host: 'backend.test', port: 80, weight: 1 }] };

async function put(path: string, body: object): Promise<void> {
  const options = { tenantId: tenant.tenantId, method: 'PUT', body } as const;
  const { status, body: answer } = await manager.request(`/api/v1/gateway-groups/${group.id}/${path}`, options);
  expect(status, JSON.stringify(answer)).toBe(200);
}

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  tenant = await manager.addTenant();
  group = await manager.addGroup(tenant, 'main', 'self-hosted');
  await put('upstreams/u1', { value: { name: 'Stock', ...upstream } });
  await put('services/s1', { value: { name: 'Shop', upstream_id: 'u1' } });
  await put('services/s2', { value: { upstream }, policyTemplate: { id: template, version: 'latest' } });
  await put('routes/r1', { value: { name: 'zebra', uri: '/r1', service_id: 's1', methods: ['GET'] } });
  await put('routes/r2', { value: { name: 'Apple', uri: '/r2', service_id: 's1', methods: ['POST'] } });
  await put('routes/r3', { value: { name: 'apple', uri: '/r3', service_id: 's2', status: 0 } });
  await put('routes/r4', {
    value: { uri: '/r4', upstream_id: 'u1' },
    policyTemplate: { id: template, version: 3 },
  });
  await put('stream-routes/p1', { value: { server_port: 9000, upstream_id: 'u1' } });
  await put('consumer-groups/gold', { value: { plugins: {} } });
  await put('consumers/alice', { value: { username: 'alice', group_id: 'gold' } });
  await put('consumers/bob', { value: { username: 'bob' } });
});
afterAll(() => manager.close());

const request = <T>(path: string, tenantId = tenant.tenantId) =>
  manager.request<T>(`/api/v1/gateway-groups/${group.id}/${path}`, { tenantId });
const list = async (path: string) => (await request<Page<DraftResource>>(path)).body;
const idsOf = async (path: string) => (await list(path)).items.map(({ id }) => id);

describe('a list of the draft', () => {
  it.each([
    ['routes?serviceId=s1', ['r1', 'r2']],
    ['routes?serviceId=s1&method=POST', ['r2']],
    ['routes?upstreamId=u1', ['r4']],
    ['routes?serviceId=nobody', []],
    ['routes?method=GET', ['r1', 'r3', 'r4']],
    ['routes?isEnabled=false', ['r3']],
    ['routes?isEnabled=true', ['r1', 'r2', 'r4']],
    [`routes?policyTemplateId=${template}`, ['r4']],
    ['routes?search=backend.test', []],
    ['routes?search=APPLE&serviceId=s1', ['r2']],
    ['routes?ids=r4,r1,none', ['r1', 'r4']],
    ['services?upstreamId=u1', ['s1']],
    ['services?search=backend.test', ['s2']],
    [`services?policyTemplateId=${template}`, ['s2']],
    ['stream-routes?upstreamId=u1', ['p1']],
    ['consumers?consumerGroupId=gold', ['alice']],
  ])('takes what %s says', async (path, ids) => {
    expect(await idsOf(path)).toEqual(ids);
  });

  it.each([
    ['id', ['r1', 'r2', 'r3', 'r4']],
    ['-id', ['r4', 'r3', 'r2', 'r1']],
    ['name', ['r2', 'r3', 'r4', 'r1']],
    ['-name', ['r1', 'r4', 'r3', 'r2']],
    ['updatedAt', ['r1', 'r2', 'r3', 'r4']],
    ['-updatedAt', ['r4', 'r3', 'r2', 'r1']],
  ])('sorted by %s has every row once, in pages of one too, and with a filter', async (sort, ids) => {
    const read = async (filter: string): Promise<string[]> => {
      const seen: string[] = [];
      let cursor = '';
      for (;;) {
        const page = await list(`routes?limit=1&sort=${sort}${filter}${cursor}`);
        seen.push(...page.items.map(({ id }) => id));
        if (page.nextCursor === null) return seen;
        cursor = `&cursor=${page.nextCursor}`;
      }
    };
    expect(await read('')).toEqual(ids);
    expect(await read('&method=GET')).toEqual(ids.filter((id) => id !== 'r2'));
    expect(await read('&serviceId=s1')).toEqual(ids.filter((id) => id < 'r3'));
  });

  it('is counted over all pages when it is asked', async () => {
    expect(await list('routes?limit=1&serviceId=s1&withTotal=true')).toMatchObject({ total: 2, items: [{ id: 'r1' }] });
    const { nextCursor } = await list('routes?limit=1&serviceId=s1');
    expect(await list(`routes?limit=1&serviceId=s1&withTotal=true&cursor=${nextCursor}`)).toMatchObject({ total: 2 });
    expect(await list('routes')).not.toHaveProperty('total');
  });

  it('tells how much of the draft refers to a service, an upstream or a consumer group', async () => {
    const used = async (path: string) => (await list(path)).items.map(({ id, usedBy }) => [id, usedBy]);
    expect(await used('services')).toEqual([
      ['s1', { route: 2 }],
      ['s2', { route: 1 }],
    ]);
    expect(await used('upstreams')).toEqual([['u1', { route: 1, service: 1, stream_route: 1 }]]);
    expect(await used('consumer-groups')).toEqual([['gold', { consumer: 1 }]]);
    expect((await request<DraftResource>('services/s1')).body.usedBy).toEqual({ route: 2 });
    expect((await list('routes')).items[0]).not.toHaveProperty('usedBy');
  });

  it.each([
    ['routes', 'sort', 'uri'],
    ['routes', 'method', 'FETCH'],
    ['routes', 'isEnabled', '1'],
    ['routes', 'isPublished', ''],
    ['routes', 'withTotal', 'yes'],
    ['routes', 'serviceId', 'not an id'],
    ['routes', 'policyTemplateId', 'r1'],
    ['routes', 'ids', 'r1,not an id'],
    ['routes', 'ids', Array.from({ length: 101 }, (_, index) => `r${index}`).join(',')],
    ['routes', 'cursor', 'nonsense'],
    ['diff', 'kind', 'routes'],
    ['diff', 'change', 'moved'],
  ])('of %s refuses %s=%s with a pointer to it', async (path, name, value) => {
    const answer = await request<{ errors: { pointer: string }[] }>(`${path}?${name}=${encodeURIComponent(value)}`);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0]?.pointer).toMatch(new RegExp(`^/query/${name}`));
  });

  it('refuses filters that the kind does not have, and the cursor of another sort', async () => {
    expect((await request('upstreams?serviceId=s1')).status).toBe(400);
    expect((await request('consumers?isEnabled=true')).status).toBe(400);
    const { nextCursor } = await list('routes?limit=1&sort=name');
    for (const sort of ['id', '-name', 'updatedAt']) {
      expect(await request(`routes?limit=1&sort=${sort}&cursor=${nextCursor}`)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/query/cursor' }] },
      });
    }
  });

  it('of another tenant is not there, nor are its objects found through one’s own group', async () => {
    const stranger = await manager.addTenant();
    expect((await request('routes?serviceId=s1&withTotal=true', stranger.tenantId)).status).toBe(404);
    const own = await manager.addGroup(stranger, 'main', 'self-hosted');
    for (const filter of ['serviceId=s1', 'search=apple', 'ids=r1', `policyTemplateId=${template}`, 'sort=name']) {
      const path = `/api/v1/gateway-groups/${own.id}/routes?withTotal=true&${filter}`;
      const { status, body } = await manager.request(path, { tenantId: stranger.tenantId });
      expect({ status, body }).toEqual({ status: 200, body: { items: [], nextCursor: null, total: 0 } });
    }
  });
});

describe('what is published', () => {
  it('is told apart in lists; changes are counted, and filtered by kind, change and text', async () => {
    const { id } = await manager.addGroup(tenant, 'other', 'self-hosted');
    const call = async <T>(path: string, options: Partial<RequestOptions> = {}): Promise<T> => {
      const answer = await manager.request<T>(`/api/v1/gateway-groups/${id}/${path}`, { ...tenant, ...options });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer.body;
    };
    const write = (path: string, ifMatch?: number) =>
      call(path, { method: 'PUT', body: { value: { uri: '/x', upstream } }, ...(ifMatch ? { ifMatch } : {}) });
    for (const route of ['kept', 'changed', 'removed']) await write(`routes/${route}`);
    await call('publish', { body: { baseRevision: 1 } });
    await call('routes/changed', { method: 'PUT', body: { value: { uri: '/changed', upstream } }, ifMatch: 1 });
    await call('routes/removed', { method: 'DELETE', ifMatch: 1 });
    await write('routes/added');
    await call('upstreams', { body: { id: 'added', value: upstream } });

    const found = async (query: string) =>
      (await call<Page<DraftResource>>(`routes?${query}`)).items.map((item) => [item.id, item.isInForce]);
    expect(await found('isPublished=true')).toEqual([['kept', true]]);
    expect(await found('isPublished=false')).toEqual([
      ['added', false],
      ['changed', true],
    ]);
    const diff = (query: string) => call<Page<DraftChange>>(`diff?${query}`);
    expect(await diff('limit=1&withTotal=true')).toMatchObject({ total: 4, items: [{ id: 'added', kind: 'route' }] });
    const changed = async (query: string) => (await diff(query)).items.map(({ kind, id: key }) => `${kind}/${key}`);
    expect(await changed('change=add')).toEqual(['route/added', 'upstream/added']);
    expect(await changed('change=add&kind=upstream')).toEqual(['upstream/added']);
    expect(await changed('change=change')).toEqual(['route/changed']);
    expect(await changed('change=remove')).toEqual(['route/removed']);
    expect(await changed('search=CHANGED')).toEqual(['route/changed']);
    const { nextCursor } = await diff('limit=1&change=add');
    expect(await changed(`limit=1&change=add&cursor=${nextCursor}`)).toEqual(['upstream/added']);
  });
});
