import { newId } from '@tollgate/contracts';
import type { DraftChange, GatewayGroup, Revision, RevisionOutcome, Workspace } from '@tollgate/contracts/rest/gateway';
import type { Page } from '@tollgate/contracts/rest';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { CONFIG_FEED, type ConfigFeed } from '../link/config-feed.ts';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let feed: ConfigFeed;
let tenant: SampleTenant;
let group: GatewayGroup;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  feed = manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
  group = await manager.addGroup(tenant);
});

const at = (path: string) => `/api/v1/gateway-groups/${group.id}/${path}`;
const own = () => ({ tenantId: tenant.tenantId });
const upstream = { nodes: { '127.0.0.1:8080': 1 } };

async function putRoute(
  id: string,
  value: Record<string, unknown>,
  more: Record<string, unknown> = {},
  ifMatch?: number,
) {
  const answer = await manager.request(at(`routes/${id}`), {
    ...own(),
    method: 'PUT',
    body: { value, ...more },
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as { version: number };
}

async function publish(baseRevision: number, more: Record<string, unknown> = {}): Promise<RevisionOutcome> {
  const answer = await manager.request<RevisionOutcome>(at('publish'), { ...own(), body: { baseRevision, ...more } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

async function rollBack(toRevision: number, more: Record<string, unknown> = {}): Promise<RevisionOutcome> {
  const answer = await manager.request<RevisionOutcome>(at('rollback'), { ...own(), body: { toRevision, ...more } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

async function inForce(): Promise<string[]> {
  return (await feed.snapshot(group.id)).changes.map(({ kind, id }) => `${kind}/${id}`);
}

describe('publish', () => {
  it('makes the draft the next revision, which data planes read as snapshot and as delta with the same hash', async () => {
    await putRoute('one', { uri: '/one', upstream });
    const revision = await publish(1, { note: 'first' });
    expect(revision).toMatchObject({ revision: 2, changed: 1, cause: 'publish', note: 'first' });
    expect(revision.changes).toMatchObject([{ kind: 'route', id: 'one', change: 'add' }]);

    const snapshot = await feed.snapshot(group.id);
    expect(snapshot).toMatchObject({ from: 0, to: 2, hash: revision.hash });
    expect(snapshot.changes.map(({ kind }) => kind)).toEqual(['group_settings', 'route']);
    const delta = await feed.delta(group.id, 1);
    expect(delta).toMatchObject({ from: 1, to: 2, hash: revision.hash });
    expect(delta?.changes).toMatchObject([{ op: 'put', kind: 'route', id: 'one', value: { uri: '/one' } }]);
    expect(await feed.delta(group.id, 3)).toBeNull();
  });

  it('without a change answers with the revision in force', async () => {
    expect(await publish(1)).toMatchObject({ revision: 1, changes: [] });
  });

  it('as a dry run tells what would change and changes nothing', async () => {
    await putRoute('one', { uri: '/one', upstream });
    const answer = await manager.request<RevisionOutcome>(at('publish?dryRun=true'), {
      ...own(),
      body: { baseRevision: 1 },
    });
    expect(answer.body).toMatchObject({ revision: 2, changed: 1 });
    expect(await inForce()).toEqual(['group_settings/settings']);
  });

  it('from a stale base is refused with what others changed', async () => {
    await putRoute('one', { uri: '/one', upstream });
    await publish(1);
    await putRoute('two', { uri: '/two', upstream });
    const answer = await manager.request(at('publish'), { ...own(), body: { baseRevision: 1 } });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'gateway.stale_revision', errors: [{ pointer: '/route/one' }] },
    });
    expect(await publish(2)).toMatchObject({ revision: 3 });
  });

  it('of one workspace leaves the others as they are, and its base is stale only when that workspace moved', async () => {
    const { body: team } = await manager.request<Workspace>(at('workspaces'), { ...own(), body: { name: 'team' } });
    await putRoute('mine', { uri: '/mine', upstream }, { workspaceId: team.id });
    await putRoute('theirs', { uri: '/theirs', upstream });
    expect(await publish(1, { workspaceId: team.id })).toMatchObject({ revision: 2, changed: 1 });
    expect(await inForce()).toEqual(['group_settings/settings', 'route/mine']);
    const { body: workspaces } = await manager.request<Page<Workspace>>(at('workspaces'), own());
    const fallback = workspaces.items.find(({ name }) => name === 'default');
    expect(await publish(1, { workspaceId: fallback?.id })).toMatchObject({ revision: 3, changed: 1 });
  });

  it('writes fewer than 20 rows for one change among 10,000 routes and reads none of the unchanged', async () => {
    const { database } = manager;
    await database.query(
      `insert into gateway.draft_resources (tenant_id, group_id, kind, id, workspace_id, value, content_hash)
       select $1, $2, 'route', 'r' || n, w.id, jsonb_build_object('uri', '/r' || n, 'upstream', $3::jsonb), md5('r' || n)
       from generate_series(1, 10000) n, gateway.workspaces w where w.group_id = $2`,
      [tenant.tenantId, group.id, JSON.stringify(upstream)],
    );
    await database.query(
      `with stored as (insert into gateway.contents (tenant_id, hash, value)
         select tenant_id, content_hash, value from gateway.draft_resources where group_id = $1 and kind = 'route' returning 1),
       marked as (update gateway.draft_resources set published_hash = content_hash where group_id = $1 and kind = 'route' returning *)
       insert into gateway.published_resources (tenant_id, group_id, kind, id, workspace_id, content_hash)
       select tenant_id, group_id, kind, id, workspace_id, content_hash from marked`,
      [group.id],
    );
    await database.query('analyze');
    await putRoute('r5000', { uri: '/changed', upstream }, {}, 1);
    const cost = await measureUnits(() => publish(1));
    expect((await feed.delta(group.id, 1))?.changes).toMatchObject([{ id: 'r5000', value: { uri: '/changed' } }]);
    expect(cost.written).toBeGreaterThan(4);
    expect(cost.written).toBeLessThan(20);
    expect(cost.read).toBeLessThan(20);
    expect(cost.statements).toBeLessThan(40);
  });

  it('is read row by row for its data planes, also before PostgreSQL has statistics of the tenant', async () => {
    const { database } = manager;
    const routes = 1500;
    const draft = (tenantId: string, groupId: string) =>
      database.query(
        `insert into gateway.draft_resources (tenant_id, group_id, kind, id, workspace_id, value, content_hash)
         select $1, $2, 'route', 'r' || n, w.id, jsonb_build_object('uri', '/r' || n, 'upstream', $3::jsonb), md5('r' || n)
         from generate_series(1, $4::integer) n, gateway.workspaces w where w.group_id = $2`,
        [tenantId, groupId, JSON.stringify(upstream), routes],
      );
    const earlier = await manager.addTenant();
    const theirs = await manager.addGroup(earlier);
    await draft(earlier.tenantId, theirs.id);
    const body = { baseRevision: 1 };
    const published = await manager.request(`/api/v1/gateway-groups/${theirs.id}/publish`, {
      tenantId: earlier.tenantId,
      body,
    });
    expect(published.status).toBe(200);
    await database.query('analyze');
    await draft(tenant.tenantId, group.id);
    await publish(1);
    const snapshot = await measureUnits(() => feed.snapshot(group.id));
    const delta = await measureUnits(() => feed.delta(group.id, 1));
    expect(snapshot.read).toBeGreaterThan(routes);
    expect(snapshot.read).toBeLessThan(routes * 4);
    expect(delta.read).toBeGreaterThan(routes);
    expect(delta.read).toBeLessThan(routes * 4);
  });
});

interface UnitCost {
  /** Rows inserted, updated or deleted. */
  written: number;
  /** Rows of the tables of 10,000 that PostgreSQL fetched, by scans or through indexes, checks of foreign keys included. */
  read: number;
  statements: number;
}

/** What the units of work of an action cost, by PostgreSQL's statistics of each transaction. */
async function measureUnits(action: () => Promise<unknown>): Promise<UnitCost> {
  const database = manager.service.app.get(Database, { strict: false });
  const inTenant = database.inTenant.bind(database);
  const total: UnitCost = { written: 0, read: 0, statements: 0 };
  const spy = vi.spyOn(database, 'inTenant').mockImplementation((tenantId, work, options) =>
    inTenant(
      tenantId,
      async (unit) => {
        const before = await rowCounts(unit);
        const statements = unit.manager.queryRunner && vi.spyOn(unit.manager.queryRunner, 'query');
        const result = await work(unit);
        total.statements += statements?.mock.calls.length ?? 0;
        const after = await rowCounts(unit);
        total.written += after.written - before.written;
        total.read += after.read - before.read;
        return result;
      },
      options,
    ),
  );
  await action();
  spy.mockRestore();
  return total;
}

async function rowCounts(unit: UnitOfWork): Promise<Pick<UnitCost, 'written' | 'read'>> {
  const [counts] = await unit.manager.query<{ written: number; read: number }[]>(
    `select sum(n_tup_ins + n_tup_upd + n_tup_del)::integer as written,
            sum(seq_tup_read + coalesce(idx_tup_fetch, 0))
              filter (where relname in ('draft_resources', 'published_resources', 'contents'))::integer as read
     from pg_stat_xact_user_tables where schemaname = 'gateway'`,
  );
  return counts ?? { written: 0, read: 0 };
}

describe('policy templates', () => {
  const resolved = (templateId: string, number: number, count: number) => ({
    templateId,
    name: 'Standard',
    number,
    contentHash: 'a'.repeat(64),
    plugins: { 'key-auth': {}, 'limit-count': { count, time_window: 60, rejected_code: 429 } },
  });

  it('are resolved at publish and kept in the revision; a newer version takes effect with the next publish only', async () => {
    const templateId = newId('ptp');
    const latest = `/internal/v1/policy-templates/${templateId}/latest`;
    manager.policyManager.answers.set(latest, resolved(templateId, 1, 10));
    await putRoute('one', { uri: '/one', upstream }, { policyTemplate: { id: templateId, version: 'latest' } });
    const first = await publish(1);
    expect(first.changes.map(({ kind }) => kind).sort()).toEqual(['plugin_config', 'route']);

    manager.policyManager.answers.set(latest, resolved(templateId, 2, 20));
    const second = await publish(2);
    expect(second.changes).toMatchObject([{ kind: 'plugin_config', change: 'change' }]);
    const [config] = (await feed.snapshot(group.id)).changes.filter(({ kind }) => kind === 'plugin_config');
    expect(config).toMatchObject({ value: { name: 'Standard', plugins: { 'limit-count': { count: 20 } } } });

    const third = await rollBack(2);
    expect(third).toMatchObject({ revision: 4, cause: 'rollback', restoredRevision: 2 });
    const [restored] = (await feed.snapshot(group.id)).changes.filter(({ kind }) => kind === 'plugin_config');
    expect(restored).toMatchObject({ value: { plugins: { 'limit-count': { count: 10 } } } });
  });

  it('that nobody published refuse the publish and name the reference', async () => {
    await putRoute('one', { uri: '/one', upstream }, { policyTemplate: { id: newId('ptp'), version: 3 } });
    const answer = await manager.request(at('publish'), { ...own(), body: { baseRevision: 1 } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'gateway.template_unknown', errors: [{}] } });
  });

  it('are asked for once per version', async () => {
    const templateId = newId('ptp');
    const path = `/internal/v1/policy-templates/${templateId}/versions/1`;
    manager.policyManager.answers.set(path, resolved(templateId, 1, 10));
    await putRoute('one', { uri: '/one', upstream }, { policyTemplate: { id: templateId, version: 1 } });
    await publish(1);
    await putRoute('two', { uri: '/two', upstream });
    await publish(2);
    expect(manager.policyManager.asked.filter((asked) => asked === path)).toHaveLength(1);
  });
});

describe('rollback', () => {
  it('makes a higher revision with the old content and hash, and the draft shows what was taken back', async () => {
    await putRoute('one', { uri: '/one', upstream });
    const second = await publish(1);
    await putRoute('two', { uri: '/two', upstream });
    await publish(2);
    const restored = await rollBack(2);
    expect(restored).toMatchObject({ revision: 4, restoredRevision: 2, hash: second.hash, changed: 1 });
    expect(await inForce()).toEqual(['group_settings/settings', 'route/one']);
    const { body: diff } = await manager.request<Page<DraftChange>>(at('diff'), own());
    expect(diff.items).toMatchObject([
      { kind: 'route', id: 'two', change: 'add', before: null, after: { uri: '/two' } },
    ]);
    expect(await publish(4)).toMatchObject({ revision: 5, changed: 1 });
  });

  it('brings back what was deleted since, and the draft keeps the deletion', async () => {
    const { version } = await putRoute('one', { uri: '/one', upstream });
    await publish(1);
    const removal = await manager.request(at('routes/one'), { ...own(), method: 'DELETE', ifMatch: version });
    expect(removal.status).toBe(204);
    expect(await publish(2)).toMatchObject({ changes: [{ kind: 'route', id: 'one', change: 'remove' }] });
    expect((await feed.delta(group.id, 2))?.changes).toMatchObject([{ op: 'delete', kind: 'route', id: 'one' }]);
    await rollBack(2);
    expect(await inForce()).toContain('route/one');
    const { body: diff } = await manager.request<Page<DraftChange>>(at('diff'), own());
    expect(diff.items).toMatchObject([{ id: 'one', change: 'remove', after: null }]);
    expect((await manager.request(at('routes/one'), own())).status).toBe(404);
  });

  it('of one workspace keeps what others published since', async () => {
    const { body: team } = await manager.request<Workspace>(at('workspaces'), { ...own(), body: { name: 'team' } });
    await putRoute('mine', { uri: '/mine', upstream }, { workspaceId: team.id });
    await publish(1);
    await putRoute('theirs', { uri: '/theirs', upstream });
    await publish(2);
    await rollBack(1, { workspaceId: team.id });
    expect(await inForce()).toEqual(['group_settings/settings', 'route/theirs']);
  });

  it('brings back resources of a workspace that was deleted since', async () => {
    const { body: team } = await manager.request<Workspace>(at('workspaces'), { ...own(), body: { name: 'team' } });
    const { version } = await putRoute('mine', { uri: '/mine', upstream }, { workspaceId: team.id });
    await publish(1);
    await manager.request(at('routes/mine'), { ...own(), method: 'DELETE', ifMatch: version });
    await publish(2);
    const removal = await manager.request(at(`workspaces/${team.id}`), { ...own(), method: 'DELETE', ifMatch: 1 });
    expect(removal.status).toBe(204);
    await rollBack(2);
    expect(await inForce()).toContain('route/mine');
    expect(await publish(4)).toMatchObject({ revision: 5, changes: [{ id: 'mine', change: 'remove' }] });
  });

  it('of a whole group needs the stronger permission; to an unknown revision is refused', async () => {
    const body = { toRevision: 1 };
    const weak = await manager.request(at('rollback'), { ...own(), body, permissions: ['config.publish'] });
    expect(weak).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const unknown = await manager.request(at('rollback'), { ...own(), body: { toRevision: 9 } });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'gateway.revision_unknown' } });
  });
});

describe('revisions', () => {
  it('are listed newest first with what each changed, and are nobody else’s', async () => {
    await putRoute('one', { uri: '/one', upstream });
    await publish(1, { note: 'first' });
    const { body: list } = await manager.request<Page<Revision>>(at('revisions'), own());
    expect(list.items.map(({ revision }) => revision)).toEqual([2, 1]);
    expect((await manager.request(at('revisions/2'), own())).body).toMatchObject({ revision: 2, note: 'first' });
    const { body: changes } = await manager.request<Page<object>>(at('revisions/2/changes'), own());
    expect(changes.items).toEqual([expect.objectContaining({ kind: 'route', id: 'one', change: 'add' })]);
    expect((await manager.request(at('revisions/3'), own())).status).toBe(404);

    const stranger = await manager.addTenant();
    for (const path of ['revisions', 'revisions/2', 'revisions/2/changes', 'diff']) {
      expect((await manager.request(at(path), { tenantId: stranger.tenantId })).status, path).toBe(404);
    }
  });

  it('tell what each change was before and after, whatever came later', async () => {
    const { version } = await putRoute('one', { uri: '/one', upstream });
    await publish(1);
    await putRoute('one', { uri: '/two', upstream }, {}, version);
    await publish(2);
    await rollBack(1);
    const changesOf = async (revision: number) =>
      (await manager.request<Page<object>>(at(`revisions/${revision}/changes`), own())).body.items;
    expect(await changesOf(2)).toMatchObject([{ change: 'add', before: null, after: { uri: '/one' } }]);
    expect(await changesOf(3)).toMatchObject([{ change: 'change', before: { uri: '/one' }, after: { uri: '/two' } }]);
    expect(await changesOf(4)).toMatchObject([{ change: 'remove', before: { uri: '/two' }, after: null }]);
  });

  it('answer wrong requests with problems', async () => {
    const body = { baseRevision: 1 };
    expect((await manager.request(at('publish'), { body })).status).toBe(401);
    expect((await manager.request(at('publish'), { ...own(), body, permissions: ['config.read'] })).status).toBe(403);
    expect(await manager.request(at('publish'), { ...own(), body: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/baseRevision' }] },
    });
    for (const key of ['x', 1e12, 0.5, '\0']) {
      const cursor = Buffer.from(JSON.stringify([key])).toString('base64url');
      expect((await manager.request(at(`revisions?cursor=${cursor}`), own())).status, String(key)).toBe(400);
    }
    const elsewhere = `/api/v1/gateway-groups/${newId('grp')}/publish`;
    expect((await manager.request(elsewhere, { ...own(), body })).status).toBe(404);
    const foreign = { ...body, workspaceId: newId('wsp') };
    expect((await manager.request(at('publish'), { ...own(), body: foreign })).status).toBe(404);
  });
});
