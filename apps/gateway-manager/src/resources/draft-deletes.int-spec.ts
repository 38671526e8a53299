import { newId } from '@tollgate/contracts';
import { auditEntryRecorded } from '@tollgate/contracts/events';
import type { ForcedDeletion } from '@tollgate/contracts/rest';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { groupScene } from '../testing/group-scene.ts';

const scene = groupScene();
const { request } = scene;

const put = (path: string, body: object, ifMatch?: number) =>
  request(path, { method: 'PUT', body, ...(ifMatch === undefined ? {} : { ifMatch }) });
const upstream = { nodes: [{ host: 'a', port: 80, weight: 1 }] };

describe('a delete by force', () => {
  type Answer = ForcedDeletion;
  const remove = (path: string, query = '?force=true', ifMatch = 1) =>
    request<Answer>(`${path}${query}`, { method: 'DELETE', ifMatch });
  const valueOf = async (path: string) => (await request(path)).body.value;

  it('of a service takes the reference out of its routes and disables them, in the draft only', async () => {
    const policyTemplate = { id: newId('ptp'), version: 3 };
    await put('services/s', { value: { upstream } });
    await put('routes/mine', { value: { uri: '/mine', service_id: 's' }, policyTemplate });
    await put('routes/other', { value: { uri: '/other', upstream } });
    const planned = await remove('services/s', '?force=true&dryRun=true');
    const body = { dependants: [{ kind: 'route', id: 'mine', effect: 'disabled' }], total: 1 };
    expect(planned).toMatchObject({ status: 200, body });
    expect(await valueOf('routes/mine')).toMatchObject({ service_id: 's', status: 1 });
    expect(await remove('services/s')).toMatchObject({ status: 200, body });
    expect((await request('services/s')).status).toBe(404);
    const { body: route } = await request('routes/mine');
    expect(route).toMatchObject({ version: 2, policyTemplate, value: { uri: '/mine', status: 0 } });
    expect(route.value).not.toHaveProperty('service_id');
    expect(await valueOf('routes/other')).toMatchObject({ status: 1 });
    expect((await remove('routes/mine', '', 2)).status).toBe(204);
  });

  it('of an upstream disables its routes and those of services that have no other', async () => {
    await put('upstreams/u', { value: upstream });
    await put('services/s', { value: { name: 'S', upstream_id: 'u' } });
    await put('routes/direct', { value: { uri: '/direct', upstream_id: 'u' } });
    await put('routes/through', { value: { uri: '/through', service_id: 's' } });
    await put('routes/own', { value: { uri: '/own', service_id: 's', upstream } });
    const { body } = await remove('upstreams/u');
    expect(body.dependants).toEqual([
      { kind: 'route', id: 'direct', effect: 'disabled' },
      { kind: 'service', id: 's', effect: 'detached' },
      { kind: 'route', id: 'through', effect: 'disabled' },
    ]);
    expect(await valueOf('services/s')).toEqual({ name: 'S' });
    expect(await valueOf('routes/through')).toMatchObject({ service_id: 's', status: 0 });
    expect(await valueOf('routes/own')).toMatchObject({ service_id: 's', status: 1 });
    const published = await request('publish', { body: { baseRevision: 1 } });
    expect(published.status, JSON.stringify(published.body)).toBe(200);
    expect((await remove('services/s', '', 2)).status).toBe(409);
  });

  it('names what it did in the audit entry', async () => {
    await put('upstreams/u', { value: upstream });
    await put('routes/r', { value: { uri: '/r', upstream_id: 'u' } });
    await remove('upstreams/u');
    await eventually(
      async () => {
        const audit = await scene.manager.published(auditEntryRecorded, scene.tenant.tenantId);
        expect(audit.at(-1)?.data).toMatchObject({
          action: 'upstream.delete',
          details: { dependants: [{ kind: 'route', id: 'r', effect: 'disabled' }], total: 1 },
        });
      },
      { withinMs: 5000 },
    );
  });

  it('is not offered where it would let anybody do more', async () => {
    await put('consumer-groups/g', { value: { plugins: {} } });
    await put('consumers/alice', { value: { username: 'alice', group_id: 'g' } });
    expect((await remove('consumer-groups/g')).status).toBe(400);
    expect((await remove('consumer-groups/g', '')).status).toBe(409);
  });

  it('tells beforehand who is in the way, where it is not offered', async () => {
    await put('consumer-groups/g', { value: { plugins: {} } });
    await put('consumers/alice', { value: { username: 'alice', group_id: 'g' } });
    expect(await remove('consumer-groups/g', '?dryRun=true')).toMatchObject({
      status: 409,
      body: { code: 'resource.in_use', errors: [{ pointer: '/consumer/alice' }] },
    });
    expect((await remove('consumers/alice', '')).status).toBe(204);
    expect((await remove('consumer-groups/g', '?dryRun=true', 7)).status).toBe(412);
    expect((await remove('consumer-groups/g', '?dryRun=true')).status).toBe(204);
    expect((await request('consumer-groups/g')).body).toMatchObject({ id: 'g', version: 1 });
    expect((await remove('consumer-groups/g', '')).status).toBe(204);
  });

  it('is by version, and by whoever may write the draft', async () => {
    await put('services/s', { value: { upstream } });
    expect((await remove('services/s', '?force=true', 7)).status).toBe(412);
    const path = 'services/s?force=true';
    expect((await request(path, { method: 'DELETE', ifMatch: 1, permissions: ['config.read'] })).status).toBe(403);
    const stranger = await scene.manager.addTenant();
    const foreign = `/api/v1/gateway-groups/${scene.group.id}/${path}`;
    expect(
      (await scene.manager.request(foreign, { tenantId: stranger.tenantId, method: 'DELETE', ifMatch: 1 })).status,
    ).toBe(404);
  });
});
