import type { components, TollgateClient } from '@tollgate/client';
import { UsageError } from './usage-error.ts';

export type GatewayGroup = components['schemas']['GatewayGroup'];

/**
 * The gateway group with this id or name.
 * @throws UsageError naming the groups there are.
 */
export async function findGroup(client: TollgateClient, nameOrId: string): Promise<GatewayGroup> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await client.GET('/api/v1/gateway-groups', {
      params: { query: { limit: 200, ...(cursor === undefined ? {} : { cursor }) } },
    });
    for (const group of data?.items ?? []) {
      if (group.id === nameOrId || group.name === nameOrId) return group;
      seen.push(group.name);
    }
    cursor = data?.nextCursor ?? undefined;
  } while (cursor !== undefined);
  throw new UsageError(
    `There is no gateway group ${nameOrId}. ${seen.length === 0 ? 'There are none yet.' : `There are: ${seen.slice(0, 20).join(', ')}.`}`,
  );
}
