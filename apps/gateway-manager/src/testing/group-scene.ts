import type { DraftResource, GatewayGroup, PoolKind } from '@tollgate/contracts/rest/gateway';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import {
  type RequestOptions,
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from './start-gateway-manager.ts';

/** A gateway manager for a file of tests, with a tenant and a gateway group of their own for each. */
export function groupScene(pool: PoolKind = 'self-hosted') {
  let manager: RunningGatewayManager;
  let tenant: SampleTenant;
  let group: GatewayGroup;

  beforeAll(async () => {
    manager = await startGatewayManager(inject('databaseUrl'));
  });
  afterAll(() => manager.close());
  beforeEach(async () => {
    tenant = await manager.addTenant();
    group = await manager.addGroup(tenant, 'main', pool);
  });

  const at = (path: string) => `/api/v1/gateway-groups/${group.id}/${path}`;
  return {
    get manager() {
      return manager;
    },
    get tenant() {
      return tenant;
    },
    get group() {
      return group;
    },
    /** Path of something of the group. */
    at,
    /** Asks for something of the group as its tenant. */
    request: <T = DraftResource>(path: string, options: Omit<RequestOptions, 'tenantId'> = {}) =>
      manager.request<T>(at(path), { ...options, tenantId: tenant.tenantId }),
  };
}
