import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { computed } from 'vue';
import { useSession } from '../../app/session.ts';
import { useSiteSlug } from '../../app/site.ts';

/** What a developer builds. */
export type Application = components['schemas']['Application'];

/** More than a developer may have. */
const mostListed = 200;

/** All applications of whoever is logged in. */
export function useApplications() {
  const siteSlug = useSiteSlug();
  const { me } = useSession();
  return useQuery({
    queryKey: computed(() => ['applications', siteSlug.value]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/applications', {
          params: { path: { siteSlug: siteSlug.value }, query: { limit: mostListed } },
          signal,
        }),
      ),
    select: ({ items }) => items,
    enabled: computed(() => me.value?.state === 'approved'),
  });
}
