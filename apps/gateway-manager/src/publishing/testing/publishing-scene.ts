import type { RevisionOutcome } from '@tollgate/contracts/rest/gateway';
import { beforeAll, expect } from 'vitest';
import { CONFIG_FEED, type ConfigFeed } from '../../link/config-feed.ts';
import { groupScene } from '../../testing/group-scene.ts';

/** The upstream of every route that these tests make. */
export const upstream = { nodes: { '127.0.0.1:8080': 1 } };

/** A group for each test, and what publishing needs. */
export function publishingScene() {
  const scene = groupScene('shared');
  const { at } = scene;
  let feed: ConfigFeed;

  beforeAll(() => {
    feed = scene.manager.service.app.get<ConfigFeed>(CONFIG_FEED, { strict: false });
  });

  const own = () => ({ tenantId: scene.tenant.tenantId });
  const command = async (path: string, body: object): Promise<RevisionOutcome> => {
    const answer = await scene.manager.request<RevisionOutcome>(at(path), { ...own(), body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };

  return {
    get manager() {
      return scene.manager;
    },
    get feed() {
      return feed;
    },
    get tenant() {
      return scene.tenant;
    },
    get group() {
      return scene.group;
    },
    /** Path of something of the group. */
    at,
    own,
    publish: (baseRevision: number, more: Record<string, unknown> = {}) =>
      command('publish', { baseRevision, ...more }),
    rollBack: (toRevision: number, more: Record<string, unknown> = {}) => command('rollback', { toRevision, ...more }),
    /** Kind and id of what data planes have. */
    inForce: async () => (await feed.snapshot(scene.group.id)).changes.map(({ kind, id }) => `${kind}/${id}`),
    putRoute: async (
      id: string,
      value: Record<string, unknown>,
      more: Record<string, unknown> = {},
      ifMatch?: number,
    ): Promise<{ version: number }> => {
      const answer = await scene.manager.request<{ version: number }>(at(`routes/${id}`), {
        ...own(),
        method: 'PUT',
        body: { value, ...more },
        ...(ifMatch === undefined ? {} : { ifMatch }),
      });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body;
    },
  };
}
