import { gatewayGroupSettingsSchema, type GatewayGroupSettings } from '@tollgate/contracts/gateway';
import type { GroupEntity } from './group.entity.ts';

/** What data planes are told of a group as a whole. */
export function settingsOf(group: GroupEntity): GatewayGroupSettings {
  const { tenantId, projectId, environmentId, hosts, errorFormat, maxAccessAgeSeconds, quotaWhenCutOff, upstreams } =
    group;
  return gatewayGroupSettingsSchema.parse({
    tenantId,
    projectId,
    environmentId,
    hosts,
    errorFormat,
    quotaWhenCutOff,
    ...(maxAccessAgeSeconds === null ? {} : { maxAccessAgeSeconds }),
    ...(upstreams === null ? {} : { upstreams }),
  });
}
