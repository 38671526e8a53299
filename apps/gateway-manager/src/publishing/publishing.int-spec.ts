import { newId } from '@tollgate/contracts';
import type { RevisionOutcome, Workspace } from '@tollgate/contracts/rest/gateway';
import type { Page } from '@tollgate/contracts/rest';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { describe, expect, it, vi } from 'vitest';
import { publishingScene, upstream } from './testing/publishing-scene.ts';

const scene = publishingScene();
const { at, own, putRoute, publish, rollBack, inForce } = scene;

describe('publish', () => {
  it('makes the draft the next revision, which data planes read as snapshot and as delta with the same hash', async () => {
    await putRoute('one', { uri: '/one', upstream });
    const revision = await publish(1, { note: 'first' });
    expect(revision).toMatchObject({ revision: 2, changed: 1, cause: 'publish', note: 'first' });
    expect(revision.changes).toMatchObject([{ kind: 'route', id: 'one', change: 'add' }]);

    const snapshot = await scene.feed.snapshot(scene.group.id);
    expect(snapshot).toMatchObject({ from: 0, to: 2, hash: revision.hash });
    expect(snapshot.changes.map(({ kind }) => kind)).toEqual(['group_settings', 'route']);
    const delta = await scene.feed.delta(scene.group.id, 1);
    expect(delta).toMatchObject({ from: 1, to: 2, hash: revision.hash });
    expect(delta?.changes).toMatchObject([{ op: 'put', kind: 'route', id: 'one', value: { uri: '/one' } }]);
    expect(await scene.feed.delta(scene.group.id, 3)).toBeNull();
  });

  it('without a change answers with the revision in force', async () => {
    expect(await publish(1)).toMatchObject({ revision: 1, changes: [] });
  });

  it('as a dry run tells what would change and changes nothing', async () => {
    await putRoute('one', { uri: '/one', upstream });
    const answer = await scene.manager.request<RevisionOutcome>(at('publish?dryRun=true'), {
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
    const answer = await scene.manager.request(at('publish'), { ...own(), body: { baseRevision: 1 } });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'gateway.stale_revision', errors: [{ pointer: '/route/one' }] },
    });
    expect(await publish(2)).toMatchObject({ revision: 3 });
  });

  it('of one workspace leaves the others as they are, and its base is stale only when that workspace moved', async () => {
    const { body: team } = await scene.manager.request<Workspace>(at('workspaces'), {
      ...own(),
      body: { name: 'team' },
    });
    await putRoute('mine', { uri: '/mine', upstream }, { workspaceId: team.id });
    await putRoute('theirs', { uri: '/theirs', upstream });
    expect(await publish(1, { workspaceId: team.id })).toMatchObject({ revision: 2, changed: 1 });
    expect(await inForce()).toEqual(['group_settings/settings', 'route/mine']);
    const { body: workspaces } = await scene.manager.request<Page<Workspace>>(at('workspaces'), own());
    const fallback = workspaces.items.find(({ name }) => name === 'default');
    expect(await publish(1, { workspaceId: fallback?.id })).toMatchObject({ revision: 3, changed: 1 });
  });

  it('writes fewer than 20 rows for one change among 10,000 routes and reads none of the unchanged', async () => {
    const { database } = scene.manager;
    await database.query(
      `insert into gateway.draft_resources (tenant_id, group_id, kind, id, workspace_id, value, content_hash)
       select $1, $2, 'route', 'r' || n, w.id, jsonb_build_object('uri', '/r' || n, 'upstream', $3::jsonb), md5('r' || n)
       from generate_series(1, 10000) n, gateway.workspaces w where w.group_id = $2`,
      [scene.tenant.tenantId, scene.group.id, JSON.stringify(upstream)],
    );
    await database.query(
      `with stored as (insert into gateway.contents (tenant_id, hash, value)
         select tenant_id, content_hash, value from gateway.draft_resources where group_id = $1 and kind = 'route' returning 1),
       marked as (update gateway.draft_resources set published_hash = content_hash where group_id = $1 and kind = 'route' returning *)
       insert into gateway.published_resources (tenant_id, group_id, kind, id, workspace_id, content_hash)
       select tenant_id, group_id, kind, id, workspace_id, content_hash from marked`,
      [scene.group.id],
    );
    await database.query('analyze');
    await putRoute('r5000', { uri: '/changed', upstream }, {}, 1);
    const cost = await measureUnits(() => publish(1));
    expect((await scene.feed.delta(scene.group.id, 1))?.changes).toMatchObject([
      { id: 'r5000', value: { uri: '/changed' } },
    ]);
    expect(cost.written).toBeGreaterThan(4);
    expect(cost.written).toBeLessThan(20);
    expect(cost.read).toBeLessThan(20);
    expect(cost.statements).toBeLessThan(40);
  });

  it('is read row by row for its data planes, also before PostgreSQL has statistics of the tenant', async () => {
    const { database } = scene.manager;
    const routes = 1500;
    const draft = (tenantId: string, groupId: string) =>
      database.query(
        `insert into gateway.draft_resources (tenant_id, group_id, kind, id, workspace_id, value, content_hash)
         select $1, $2, 'route', 'r' || n, w.id, jsonb_build_object('uri', '/r' || n, 'upstream', $3::jsonb), md5('r' || n)
         from generate_series(1, $4::integer) n, gateway.workspaces w where w.group_id = $2`,
        [tenantId, groupId, JSON.stringify(upstream), routes],
      );
    const earlier = await scene.manager.addTenant();
    const theirs = await scene.manager.addGroup(earlier);
    await draft(earlier.tenantId, theirs.id);
    const body = { baseRevision: 1 };
    const published = await scene.manager.request(`/api/v1/gateway-groups/${theirs.id}/publish`, {
      tenantId: earlier.tenantId,
      body,
    });
    expect(published.status).toBe(200);
    await database.query('analyze');
    await draft(scene.tenant.tenantId, scene.group.id);
    await publish(1);
    const snapshot = await measureUnits(() => scene.feed.snapshot(scene.group.id));
    const delta = await measureUnits(() => scene.feed.delta(scene.group.id, 1));
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
  const database = scene.manager.service.app.get(Database, { strict: false });
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
    scene.manager.policyManager.answers.set(latest, resolved(templateId, 1, 10));
    await putRoute('one', { uri: '/one', upstream }, { policyTemplate: { id: templateId, version: 'latest' } });
    const first = await publish(1);
    expect(first.changes.map(({ kind }) => kind).sort()).toEqual(['plugin_config', 'route']);

    scene.manager.policyManager.answers.set(latest, resolved(templateId, 2, 20));
    const second = await publish(2);
    expect(second.changes).toMatchObject([{ kind: 'plugin_config', change: 'change' }]);
    const [config] = (await scene.feed.snapshot(scene.group.id)).changes.filter(({ kind }) => kind === 'plugin_config');
    expect(config).toMatchObject({ value: { name: 'Standard', plugins: { 'limit-count': { count: 20 } } } });

    const third = await rollBack(2);
    expect(third).toMatchObject({ revision: 4, cause: 'rollback', restoredRevision: 2 });
    const [restored] = (await scene.feed.snapshot(scene.group.id)).changes.filter(
      ({ kind }) => kind === 'plugin_config',
    );
    expect(restored).toMatchObject({ value: { plugins: { 'limit-count': { count: 10 } } } });
  });

  it('that nobody published refuse the publish and name the reference', async () => {
    await putRoute('one', { uri: '/one', upstream }, { policyTemplate: { id: newId('ptp'), version: 3 } });
    const answer = await scene.manager.request(at('publish'), { ...own(), body: { baseRevision: 1 } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'gateway.template_unknown', errors: [{}] } });
  });

  it('are asked for once per version', async () => {
    const templateId = newId('ptp');
    const path = `/internal/v1/policy-templates/${templateId}/versions/1`;
    scene.manager.policyManager.answers.set(path, resolved(templateId, 1, 10));
    await putRoute('one', { uri: '/one', upstream }, { policyTemplate: { id: templateId, version: 1 } });
    await publish(1);
    await putRoute('two', { uri: '/two', upstream });
    await publish(2);
    expect(scene.manager.policyManager.asked.filter((asked) => asked === path)).toHaveLength(1);
  });
});
