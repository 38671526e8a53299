import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useGroup, useGroups } from '../../app/use-group.ts';
import { spanOf } from '../../reports/ranges.ts';
import { useReport } from '../../reports/use-report.ts';

/** The way to the first call that succeeds, in order. */
export const firstCallSteps = ['group', 'api', 'publish', 'call'] as const;
export type FirstCallStep = (typeof firstCallSteps)[number];

const everyMs = 2_000;

/** How far the organisation is on the way to its first call, by what it has and not by what was clicked. */
export function useFirstCall() {
  const { groupId, group } = useGroup();
  const groups = useGroups();
  const inGroup = computed(() => ({ path: { groupId: groupId.value ?? '' }, query: { limit: 1 } }));
  const routes = useQuery({
    queryKey: computed(() => ['routes', groupId.value, 'first']),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups/{groupId}/routes', { params: inGroup.value, signal })),
    select: ({ items }) => items,
    enabled: computed(() => groupId.value !== undefined),
  });
  const changes = useQuery({
    queryKey: computed(() => ['changes', groupId.value, 'first']),
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups/{groupId}/diff', { params: inGroup.value, signal })),
    select: ({ items }) => items,
    enabled: computed(() => groupId.value !== undefined),
  });

  const hasGroup = computed(() => group.value !== undefined);
  const hasApi = computed(() => hasGroup.value && (routes.data.value?.length ?? 0) > 0);
  const isPublished = computed(() => hasApi.value && changes.data.value?.length === 0);
  const { from, to } = spanOf('90d', Date.now());
  const calls = useReport(() => ({ from, to, statusClass: '2xx' as const }), { everyMs });
  const isCalled = computed(() => (calls.data.value?.total.calls ?? 0) > 0);

  const done = computed<Readonly<Record<FirstCallStep, boolean>>>(() => ({
    group: hasGroup.value,
    api: hasApi.value,
    publish: isPublished.value,
    call: isCalled.value,
  }));
  const present = computed(() => firstCallSteps.find((step) => !done.value[step]));
  /** Until each is answered, a step that is not known to be done would be shown as one to do. */
  const isPending = computed(
    () =>
      calls.isPending.value ||
      groups.isPending.value ||
      (hasGroup.value && (routes.isPending.value || changes.isPending.value)),
  );
  return { group, done, present, isPending };
}
