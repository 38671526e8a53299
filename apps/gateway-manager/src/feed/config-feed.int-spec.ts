import { newId } from '@tollgate/contracts';
import { eventually } from '@tollgate/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { CONFIG_FEED, type ConfigFeed, type FeedNotice } from '../link/config-feed.ts';
import { sharedPoolId } from '../pools/shared-pool.ts';
import { type RunningGatewayManager, startGatewayManager } from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let feed: ConfigFeed;
let stop: (() => void) | undefined;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
});
afterAll(() => manager.close());
afterEach(() => stop?.());

function listen(): FeedNotice[] {
  const heard: FeedNotice[] = [];
  stop = feed.onChange((notice) => heard.push(notice));
  return heard;
}

describe('the feed of configuration', () => {
  it('tells of a new group to its pool and of a publish to its group, at once', async () => {
    const heard = listen();
    const tenant = await manager.addTenant();
    const group = await manager.addGroup(tenant);
    await eventually(() => expect(heard).toContainEqual({ kind: 'pool', poolId: sharedPoolId }), { withinMs: 500 });
    expect(await feed.groupsOf(sharedPoolId)).toContainEqual({ groupId: group.id, tenantId: tenant.tenantId });

    heard.length = 0;
    const path = `/api/v1/gateway-groups/${group.id}`;
    const own = { tenantId: tenant.tenantId };
    const value = { uri: '/a', upstream: { nodes: { 'a:1': 1 } } };
    await manager.request(`${path}/routes/r`, { ...own, method: 'PUT', body: { value } });
    expect(heard).toEqual([]);
    await manager.request(`${path}/publish`, { ...own, body: { baseRevision: 1 } });
    const notice = { kind: 'group', groupId: group.id, sequence: 'revision' };
    await eventually(() => expect(heard).toEqual([notice]), { withinMs: 500, everyMs: 1 });
  });

  it('tells of every group and pool anew when it may have missed something', async () => {
    const group = await manager.addGroup(await manager.addTenant());
    const heard = listen();
    const cut = await manager.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'tollgate-config-channel'`,
    );
    expect(cut).toHaveLength(1);
    const notices: FeedNotice[] = [
      { kind: 'pool', poolId: sharedPoolId },
      { kind: 'group', groupId: group.id, sequence: 'revision' },
      { kind: 'group', groupId: group.id, sequence: 'access' },
    ];
    await eventually(() => expect(heard).toEqual(expect.arrayContaining(notices)), { withinMs: 5000 });
    const other = await manager.addGroup(await manager.addTenant());
    const notice = { kind: 'group', groupId: other.id, sequence: 'revision' };
    await eventually(() => expect(heard).toContainEqual(notice), { withinMs: 500 });
  });

  it('knows no group that does not exist', async () => {
    await expect(feed.snapshot(newId('grp'))).rejects.toMatchObject({ definition: { status: 404 } });
    await expect(feed.access.delta(newId('grp'), 1)).rejects.toMatchObject({ definition: { status: 404 } });
    expect(await feed.groupsOf(newId('pool'))).toEqual([]);
  });

  it('starts a group at position 1 of the revisions and 0 of the access state', async () => {
    const group = await manager.addGroup(await manager.addTenant());
    expect(await feed.snapshot(group.id)).toMatchObject({
      from: 0,
      to: 1,
      changes: [{ op: 'put', kind: 'group_settings', value: { hosts: group.hosts, errorFormat: 'problem' } }],
    });
    expect(await feed.access.snapshot(group.id)).toMatchObject({ from: 0, to: 0, changes: [] });
    expect(await feed.access.delta(group.id, 0)).toMatchObject({ from: 0, to: 0, changes: [] });
  });
});
