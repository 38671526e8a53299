import { useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { resourceApi } from '../../resources/resource-api.ts';

/** The first routes and services of a gateway group that take a template, and how many there are. */
export function useTemplateUse(
  options: { templateId: MaybeRefOrGetter<string>; groupId: MaybeRefOrGetter<string | undefined> },
  mostShown: number,
) {
  const { templateId, groupId } = options;
  const query = useQuery({
    queryKey: computed(() => ['policy-templates', toValue(templateId), 'use', toValue(groupId)]),
    queryFn: async ({ signal }) => {
      const group = toValue(groupId) ?? '';
      const filters = { policyTemplateId: toValue(templateId), sort: 'name' };
      const read = (segment: 'services' | 'routes') =>
        resourceApi(segment, group).list({ filters, limit: mostShown, signal });
      const [services, routes] = await Promise.all([read('services'), read('routes')]);
      const items = [
        ...services.items.map((resource) => ({ kind: 'service' as const, resource })),
        ...routes.items.map((resource) => ({ kind: 'route' as const, resource })),
      ];
      return { items: items.slice(0, mostShown), total: (services.total ?? 0) + (routes.total ?? 0) };
    },
    enabled: computed(() => toValue(groupId) !== undefined),
  });
  return {
    ...query,
    items: computed(() => query.data.value?.items ?? []),
    total: computed(() => query.data.value?.total ?? 0),
  };
}
