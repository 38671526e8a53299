import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useSession } from './session.ts';

/** The organisation's portal site: it has one. */
export function usePortalSites() {
  const { may } = useSession();
  return useQuery({
    queryKey: ['portal-sites'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/portal-sites', { params: { query: { limit: 1 } }, signal })),
    enabled: computed(() => may('portal.read')),
  });
}
