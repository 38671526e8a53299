import type { GatewayGroup, RevisionOutcome } from '@tollgate/contracts/rest/gateway';
import { afterAll, beforeAll, beforeEach, expect, inject } from 'vitest';
import { CONFIG_FEED, type ConfigFeed } from '../../link/config-feed.ts';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../../testing/start-gateway-manager.ts';

/** The upstream of every route that these tests make. */
export const upstream = { nodes: { '127.0.0.1:8080': 1 } };

/** A gateway-manager for a file of tests, with a tenant and a gateway group of their own for each, and what publishing needs. */
export function publishingScene() {
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
  const command = async (path: string, body: object): Promise<RevisionOutcome> => {
    const answer = await manager.request<RevisionOutcome>(at(path), { ...own(), body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };

  return {
    get manager() {
      return manager;
    },
    get feed() {
      return feed;
    },
    get tenant() {
      return tenant;
    },
    get group() {
      return group;
    },
    /** Path of something of the group. */
    at,
    own,
    publish: (baseRevision: number, more: Record<string, unknown> = {}) =>
      command('publish', { baseRevision, ...more }),
    rollBack: (toRevision: number, more: Record<string, unknown> = {}) => command('rollback', { toRevision, ...more }),
    /** Kind and id of what data planes have. */
    inForce: async () => (await feed.snapshot(group.id)).changes.map(({ kind, id }) => `${kind}/${id}`),
    putRoute: async (
      id: string,
      value: Record<string, unknown>,
      more: Record<string, unknown> = {},
      ifMatch?: number,
    ): Promise<{ version: number }> => {
      const answer = await manager.request<{ version: number }>(at(`routes/${id}`), {
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
