import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';

const groupTopic = 'tollgate.gateway-manager.group';

export const gatewayGroupCreated = defineEvent({
  type: 'gateway.group.created.v1',
  topic: groupTopic,
  description: 'A gateway group exists and has a default host.',
  data: z.object({
    groupId: idSchema('grp'),
    environmentId: idSchema('env'),
    name: z.string(),
    hosts: z.array(z.string()),
    /** Where calls go, as URLs; absent or empty: not known. */
    addresses: z.array(z.string()).optional(),
  }),
});

export const gatewayGroupAddressesChanged = defineEvent({
  type: 'gateway.group.addresses_changed.v1',
  topic: groupTopic,
  description: 'Clients reach a gateway group by other URLs than before.',
  data: z.object({ groupId: idSchema('grp'), addresses: z.array(z.string()) }),
});

export const gatewayGroupDeleted = defineEvent({
  type: 'gateway.group.deleted.v1',
  topic: groupTopic,
  description: 'A gateway group is gone; nothing serves its hosts.',
  data: z.object({ groupId: idSchema('grp') }),
});

export const revisionPublished = defineEvent({
  type: 'gateway.revision.published.v1',
  topic: groupTopic,
  description:
    'A group has a new configuration in force, by publish or by rollback. Its routes are read from the owner’s snapshot.',
  data: z.object({
    groupId: idSchema('grp'),
    revision: z.number().int().positive(),
    hash: z.string(),
    cause: z.enum(['publish', 'rollback']),
    changed: z.number().int().nonnegative(),
  }),
});

export const dataPlaneStatusChanged = defineEvent({
  type: 'gateway.data_plane.status_changed.v1',
  topic: 'tollgate.gateway-manager.data-plane',
  description: 'A data plane came, went or fell behind.',
  data: z.object({
    dataPlaneId: idSchema('dp'),
    poolId: idSchema('pool'),
    from: z.string().nullable(),
    to: z.enum(['online', 'degraded', 'out-of-date', 'offline', 'unknown']),
  }),
});
