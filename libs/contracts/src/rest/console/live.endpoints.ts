import { z } from 'zod';
import type { Permission } from '../../auth/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';

/** What can change under the eyes of somebody who looks at it, and who may know that it did. */
export const liveTopicPermissions = {
  tenant: 'tenant.read',
  members: 'members.read',
  projects: 'projects.read',
  'service-accounts': 'service-accounts.write',
  audit: 'audit.read',
  'gateway.group': 'gateways.read',
  'gateway.pool': 'gateways.read',
  'gateway.data-plane': 'gateways.read',
  'gateway.revision': 'gateways.read',
  'gateway.acknowledgement': 'gateways.read',
  'gateway.config': 'config.read',
  'policy.template': 'policies.read',
  'portal.site': 'portal.read',
  'portal.product': 'portal.read',
  'portal.plan': 'portal.read',
  'portal.developer': 'portal.read',
  'portal.application': 'portal.read',
  'portal.subscription': 'portal.read',
  'portal.credential': 'portal.read',
  'portal.approval': 'portal.read',
  'portal.quota': 'portal.read',
  'billing.price': 'billing.read',
} as const satisfies Record<string, Permission>;

export type LiveTopic = keyof typeof liveTopicPermissions;

/** Something of a tenant changed. Says what, never how: whoever shows it reads it again. */
export const liveChange = z
  .object({
    topic: z.enum(Object.keys(liveTopicPermissions) as [LiveTopic, ...LiveTopic[]]),
    id: z.string().optional().meta({ description: 'What changed; absent: any of its kind may have.' }),
    groupId: z.string().optional().meta({ description: 'Gateway group it belongs to, where that is known.' }),
    poolId: z.string().optional().meta({ description: 'Pool of a data plane.' }),
  })
  .meta({ id: 'LiveChange', description: 'Data of an event `changed`.' });
export type LiveChange = z.output<typeof liveChange>;

/** Redis channel on which changes of a tenant are announced, as a JSON list of {@link liveChange}. What nobody hears is lost. */
export const liveChannel = (tenantId: string): string => `tg:live:${tenantId}`;

export const live = defineEndpoint({
  service: 'console-bff',
  operationId: 'live',
  method: 'GET',
  path: '/api/v1/live',
  kind: 'get',
  tag: 'Live',
  summary: 'Hear what changes, as server-sent events',
  description:
    'Event `changed` names what to read again, of what the caller may read; `resync` says that something was missed: read all again. ' +
    'The stream ends with the session, after an hour, or when it is not read; `retry` says when to come back.',
  access: { kind: 'authenticated' },
  response: liveChange,
  responseType: 'text/event-stream',
  errors: [commonErrors.forbidden, commonErrors.unavailable],
});
