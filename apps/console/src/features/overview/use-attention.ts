import { useQuery } from '@tanstack/vue-query';
import type { components } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useSession } from '../../app/session.ts';

/** One running gateway. */
export type DataPlane = components['schemas']['DataPlane'];

const mostListed = 200;
const everyMs = 5_000;

/** Every data plane of the organisation, kept current. */
export function useDataPlanes() {
  const { may } = useSession();
  return useQuery({
    queryKey: ['data-planes'],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/data-planes', { params: { query: { limit: mostListed } }, signal })),
    select: ({ items }) => items.filter(({ revokedAt }) => revokedAt === null),
    enabled: computed(() => may('gateways.read')),
    refetchInterval: everyMs,
  });
}

/** What waits for somebody's yes. */
export function useApprovals() {
  const { may } = useSession();
  return useQuery({
    queryKey: ['approvals', 'overview'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/approvals', { params: { query: { limit: mostListed } }, signal })),
    select: ({ items }) => items,
    enabled: computed(() => may('portal.read')),
    refetchInterval: everyMs,
  });
}
