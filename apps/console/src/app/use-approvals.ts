import type { components } from '@tollgate/client';
import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useSession } from './session.ts';

export type ApprovalItem = components['schemas']['ApprovalItem'];

/** A queue longer than this is not looked through in one go; the rest follows as the front is answered. */
const mostListed = 100;

/** What waits for approval, oldest first. The navigation asks now and then, the page that works on it often. */
export function useApprovals({ everyMs }: { readonly everyMs: number }) {
  const { may } = useSession();
  return useQuery({
    queryKey: ['approvals'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/approvals', { params: { query: { limit: mostListed } }, signal })),
    enabled: computed(() => may('portal.read')),
    refetchInterval: everyMs,
  });
}
