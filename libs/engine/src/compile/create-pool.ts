import { groupSettingsId, type Upstream } from '@tollgate/contracts/gateway';
import { defaultResilience, groupResilience } from '../upstream/resilience.ts';
import { UpstreamPool } from '../upstream/upstream-pool.ts';
import type { CompilerEnvironment } from './compiler-environment.ts';
import type { ResourceName, ResourceTable } from './resource-table.ts';

/** Makes the pool of an upstream, in place of the previous one. Throws an Error with a reason for people. */
export type CreatePool = (owner: ResourceName, upstream: Upstream, previous: UpstreamPool | null) => UpstreamPool;

/** What makes the pools of a group. */
export function poolsOf(groupId: string, resources: ResourceTable, environment: CompilerEnvironment): CreatePool {
  const { now, upstreams } = environment;
  const defaults = upstreams?.resilience ?? defaultResilience;
  const settings = () => resources.get('group_settings', groupSettingsId);
  const surroundings = {
    now,
    tenantId: () => settings()?.tenantId ?? '',
    resilience: () => groupResilience(settings()?.upstreams, defaults),
    health: upstreams?.health ?? null,
    discovery: upstreams?.discovery ?? null,
  };
  return (owner, upstream, previous) =>
    new UpstreamPool(upstream, { ...surroundings, key: { groupId, owner } }, previous);
}
