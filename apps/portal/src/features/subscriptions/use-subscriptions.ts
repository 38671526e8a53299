import { api, dataOf, usePages } from '@tollgate/ui';
import type { Tone } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { computed } from 'vue';
import { useSession } from '../../app/session.ts';
import { useSiteSlug } from '../../app/site.ts';

/** An application under a plan, with their names and the terms that hold. */
export type Subscription = components['schemas']['MySubscription'];

const pageSize = 200;
/** Approvals come from elsewhere; so often a page looks for them. */
const lookEveryMs = 5_000;

/** True unless it was refused or cancelled, which is for good. */
export function isLive({ state }: Pick<Subscription, 'state'>): boolean {
  return state !== 'refused' && state !== 'cancelled';
}

/** How a state looks. */
export const stateTones: Readonly<Record<Subscription['state'], Tone>> = {
  pending: 'warning',
  approved: 'success',
  suspended: 'danger',
  refused: 'neutral',
  cancelled: 'neutral',
};

/** The subscriptions of whoever is logged in, those that live first. */
export function useSubscriptions() {
  const siteSlug = useSiteSlug();
  const { me } = useSession();
  const pages = usePages({
    key: () => ['subscriptions', siteSlug.value],
    read: ({ cursor, signal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/subscriptions', {
          params: { path: { siteSlug: siteSlug.value }, query: { limit: pageSize, cursor } },
          signal,
        }),
      ),
    enabled: computed(() => me.value?.state === 'approved'),
    refetchInterval: lookEveryMs,
  });
  const items = computed(() => [...pages.items.value].sort((a, b) => Number(isLive(b)) - Number(isLive(a))));
  return { ...pages, items, live: computed(() => items.value.filter(isLive)) };
}
