import { randomBytes } from 'node:crypto';
import type { TollgateClient } from '@tollgate/client';

/**
 * Whom the demo tenant knows itself, beside the portal's developers: a partner with a key and a share of the calls; and a request id
 * for every call of the group. In the draft; the key is nobody's.
 */
export async function draftCallers(admin: TollgateClient, groupId: string): Promise<void> {
  const path = (resourceId: string) => ({ params: { path: { groupId, resourceId } } });
  await admin.PUT('/api/v1/gateway-groups/{groupId}/global-policies/{resourceId}', {
    ...path('request-ids'),
    body: { value: { name: 'Request ids', desc: 'Every call can be found again', plugins: { 'request-id': {} } } },
  });
  await admin.PUT('/api/v1/gateway-groups/{groupId}/consumer-groups/{resourceId}', {
    ...path('partners'),
    body: {
      value: {
        name: 'Partners',
        desc: 'Bookshops that order from us',
        plugins: { 'limit-count': { count: 1000, time_window: 60, rejected_code: 429 } },
      },
    },
  });
  await admin.PUT('/api/v1/gateway-groups/{groupId}/consumers/{resourceId}', {
    ...path('corner-bookshop'),
    body: {
      value: {
        username: 'corner-bookshop',
        desc: 'Orders every morning',
        group_id: 'partners',
        plugins: { 'key-auth': { key: randomBytes(32).toString('base64url') } },
      },
    },
  });
}
