import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed, type Ref } from 'vue';
import { useSiteSlug } from '../../app/site.ts';
import { usageRange, type UsageSpan } from './usage-range.ts';

const countEveryMs = 10_000;

/** The calls of a subscription, or of all subscriptions of an application, over time. */
export function useUsage(of: { subscriptionId?: string; applicationId?: string }, span: Ref<UsageSpan>) {
  const siteSlug = useSiteSlug();
  const { subscriptionId, applicationId } = of;
  return useQuery({
    queryKey: computed(() => [
      ...(subscriptionId === undefined
        ? ['applications', siteSlug.value, applicationId]
        : ['subscriptions', siteSlug.value, subscriptionId]),
      'usage',
      span.value,
    ]),
    queryFn: ({ signal }) => {
      const query = usageRange(span.value, Date.now());
      return subscriptionId === undefined
        ? dataOf(
            api.GET('/api/v1/portal/{siteSlug}/applications/{applicationId}/usage', {
              params: { path: { siteSlug: siteSlug.value, applicationId: applicationId ?? '' }, query },
              signal,
            }),
          )
        : dataOf(
            api.GET('/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/usage', {
              params: { path: { siteSlug: siteSlug.value, subscriptionId }, query },
              signal,
            }),
          );
    },
    refetchInterval: countEveryMs,
    placeholderData: (previous) => previous,
  });
}
