import { useQuery } from '@tanstack/vue-query';
import type { components } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useSession } from '../../app/session.ts';
import { useDataPlanes as useAllDataPlanes } from '../../gateways/use-gateway-groups.ts';

/** One running gateway. */
export type DataPlane = components['schemas']['DataPlane'];

const mostListed = 200;
const everyMs = 5_000;

/** The data planes of the organisation that are not revoked, kept current. */
export function useDataPlanes() {
  const planes = useAllDataPlanes({ interval: everyMs });
  return { ...planes, data: computed(() => planes.data.value?.filter(({ revokedAt }) => revokedAt === null)) };
}

/** What waits for somebody's yes. */
export function useApprovals() {
  const { may } = useSession();
  return useQuery({
    queryKey: ['approvals', 'overview'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/approvals', { params: { query: { limit: mostListed } }, signal })),
    select: ({ items, nextCursor }) => ({ count: items.length, hasMore: nextCursor !== null }),
    enabled: computed(() => may('portal.read')),
    refetchInterval: everyMs,
  });
}
