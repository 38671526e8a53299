import type { GatewayGroup } from '@tollgate/contracts/rest/gateway';
import type { GroupEntity } from './group.entity.ts';

/** Every group has revision 1 from its creation on. */
const firstRevision = 1;

/** The group as the API shows it. @param addresses by which clients reach it. */
export function toGatewayGroup(group: GroupEntity, addresses: string[], revision = firstRevision): GatewayGroup {
  const { id, environmentId, projectId, name, hosts, poolId, poolKind, version } = group;
  const { errorFormat, maxAccessAgeSeconds, quotaWhenCutOff, upstreams, publicUrls } = group;
  return {
    id,
    environmentId,
    projectId,
    name,
    hosts,
    poolId,
    poolKind,
    errorFormat,
    maxAccessAgeSeconds,
    quotaWhenCutOff,
    upstreams,
    publicUrls,
    addresses,
    revision,
    version,
    createdAt: group.createdAt.toISOString(),
    updatedAt: group.updatedAt.toISOString(),
  };
}
