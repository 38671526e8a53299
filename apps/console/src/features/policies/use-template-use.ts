import { useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { type Resource, resourceApi } from '../apis/resource-api.ts';

/** Pages of 200 that are looked through per kind. */
const mostPages = 50;

async function allOf(segment: 'routes' | 'services', groupId: string, signal: AbortSignal): Promise<Resource[]> {
  const { list } = resourceApi(segment, groupId);
  const found: Resource[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, nextCursor } = await list({ cursor, signal });
    found.push(...items);
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return found;
}

/** Routes and services of a gateway group that take a template. The API has no such question, so the group’s draft is looked through. */
export function useTemplateUse(templateId: MaybeRefOrGetter<string>, groupId: MaybeRefOrGetter<string | undefined>) {
  const query = useQuery({
    queryKey: computed(() => ['policy-templates', toValue(templateId), 'use', toValue(groupId)]),
    queryFn: async ({ signal }) => {
      const group = toValue(groupId) ?? '';
      const [services, routes] = [await allOf('services', group, signal), await allOf('routes', group, signal)];
      return [
        ...services.map((resource) => ({ kind: 'service' as const, resource })),
        ...routes.map((resource) => ({ kind: 'route' as const, resource })),
      ].filter(({ resource }) => resource.policyTemplate?.id === toValue(templateId));
    },
    enabled: computed(() => toValue(groupId) !== undefined),
  });
  return { ...query, items: computed(() => query.data.value ?? []) };
}
