import { newId } from '@tollgate/contracts';
import type { DraftChange, Revision, Workspace } from '@tollgate/contracts/rest/gateway';
import type { Page } from '@tollgate/contracts/rest';
import { describe, expect, it } from 'vitest';
import { publishingScene, upstream } from './testing/publishing-scene.ts';

const scene = publishingScene();
const { at, own, putRoute, publish, rollBack, inForce } = scene;

describe('rollback', () => {
  it('makes a higher revision with the old content and hash, and the draft shows what was taken back', async () => {
    await putRoute('one', { uri: '/one', upstream });
    const second = await publish(1);
    await putRoute('two', { uri: '/two', upstream });
    await publish(2);
    const restored = await rollBack(2);
    expect(restored).toMatchObject({ revision: 4, restoredRevision: 2, hash: second.hash, changed: 1 });
    expect(await inForce()).toEqual(['group_settings/settings', 'route/one']);
    const { body: diff } = await scene.manager.request<Page<DraftChange>>(at('diff'), own());
    expect(diff.items).toMatchObject([
      { kind: 'route', id: 'two', change: 'add', before: null, after: { uri: '/two' } },
    ]);
    expect(await publish(4)).toMatchObject({ revision: 5, changed: 1 });
  });

  it('brings back what was deleted since, and the draft keeps the deletion', async () => {
    const { version } = await putRoute('one', { uri: '/one', upstream });
    await publish(1);
    const removal = await scene.manager.request(at('routes/one'), { ...own(), method: 'DELETE', ifMatch: version });
    expect(removal.status).toBe(204);
    expect(await publish(2)).toMatchObject({ changes: [{ kind: 'route', id: 'one', change: 'remove' }] });
    expect((await scene.feed.delta(scene.group.id, 2))?.changes).toMatchObject([
      { op: 'delete', kind: 'route', id: 'one' },
    ]);
    await rollBack(2);
    expect(await inForce()).toContain('route/one');
    const { body: diff } = await scene.manager.request<Page<DraftChange>>(at('diff'), own());
    expect(diff.items).toMatchObject([{ id: 'one', change: 'remove', after: null }]);
    expect((await scene.manager.request(at('routes/one'), own())).status).toBe(404);
  });

  it('of one workspace keeps what others published since', async () => {
    const { body: team } = await scene.manager.request<Workspace>(at('workspaces'), {
      ...own(),
      body: { name: 'team' },
    });
    await putRoute('mine', { uri: '/mine', upstream }, { workspaceId: team.id });
    await publish(1);
    await putRoute('theirs', { uri: '/theirs', upstream });
    await publish(2);
    await rollBack(1, { workspaceId: team.id });
    expect(await inForce()).toEqual(['group_settings/settings', 'route/theirs']);
  });

  it('brings back resources of a workspace that was deleted since', async () => {
    const { body: team } = await scene.manager.request<Workspace>(at('workspaces'), {
      ...own(),
      body: { name: 'team' },
    });
    const { version } = await putRoute('mine', { uri: '/mine', upstream }, { workspaceId: team.id });
    await publish(1);
    await scene.manager.request(at('routes/mine'), { ...own(), method: 'DELETE', ifMatch: version });
    await publish(2);
    const removal = await scene.manager.request(at(`workspaces/${team.id}`), {
      ...own(),
      method: 'DELETE',
      ifMatch: 1,
    });
    expect(removal.status).toBe(204);
    await rollBack(2);
    expect(await inForce()).toContain('route/mine');
    expect(await publish(4)).toMatchObject({ revision: 5, changes: [{ id: 'mine', change: 'remove' }] });
  });

  it('of a whole group needs the stronger permission; to an unknown revision is refused', async () => {
    const body = { toRevision: 1 };
    const weak = await scene.manager.request(at('rollback'), { ...own(), body, permissions: ['config.publish'] });
    expect(weak).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const unknown = await scene.manager.request(at('rollback'), { ...own(), body: { toRevision: 9 } });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'gateway.revision_unknown' } });
  });
});

describe('revisions', () => {
  it('are listed newest first with what each changed, and are nobody else’s', async () => {
    await putRoute('one', { uri: '/one', upstream });
    await publish(1, { note: 'first' });
    const { body: list } = await scene.manager.request<Page<Revision>>(at('revisions'), own());
    expect(list.items.map(({ revision }) => revision)).toEqual([2, 1]);
    expect((await scene.manager.request(at('revisions/2'), own())).body).toMatchObject({ revision: 2, note: 'first' });
    const { body: changes } = await scene.manager.request<Page<object>>(at('revisions/2/changes'), own());
    expect(changes.items).toEqual([expect.objectContaining({ kind: 'route', id: 'one', change: 'add' })]);
    expect((await scene.manager.request(at('revisions/3'), own())).status).toBe(404);

    const stranger = await scene.manager.addTenant();
    for (const path of ['revisions', 'revisions/2', 'revisions/2/changes', 'diff']) {
      expect((await scene.manager.request(at(path), { tenantId: stranger.tenantId })).status, path).toBe(404);
    }
  });

  it('tell what each change was before and after, whatever came later', async () => {
    const { version } = await putRoute('one', { uri: '/one', upstream });
    await publish(1);
    await putRoute('one', { uri: '/two', upstream }, {}, version);
    await publish(2);
    await rollBack(1);
    const changesOf = async (revision: number) =>
      (await scene.manager.request<Page<object>>(at(`revisions/${revision}/changes`), own())).body.items;
    expect(await changesOf(2)).toMatchObject([{ change: 'add', before: null, after: { uri: '/one' } }]);
    expect(await changesOf(3)).toMatchObject([{ change: 'change', before: { uri: '/one' }, after: { uri: '/two' } }]);
    expect(await changesOf(4)).toMatchObject([{ change: 'remove', before: { uri: '/two' }, after: null }]);
  });

  it('answer wrong requests with problems', async () => {
    const body = { baseRevision: 1 };
    expect((await scene.manager.request(at('publish'), { body })).status).toBe(401);
    expect((await scene.manager.request(at('publish'), { ...own(), body, permissions: ['config.read'] })).status).toBe(
      403,
    );
    expect(await scene.manager.request(at('publish'), { ...own(), body: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/baseRevision' }] },
    });
    for (const key of ['x', 1e12, 0.5, '\0']) {
      const cursor = Buffer.from(JSON.stringify([key])).toString('base64url');
      expect((await scene.manager.request(at(`revisions?cursor=${cursor}`), own())).status, String(key)).toBe(400);
    }
    const elsewhere = `/api/v1/gateway-groups/${newId('grp')}/publish`;
    expect((await scene.manager.request(elsewhere, { ...own(), body })).status).toBe(404);
    const foreign = { ...body, workspaceId: newId('wsp') };
    expect((await scene.manager.request(at('publish'), { ...own(), body: foreign })).status).toBe(404);
  });
});
