import { api, dataOf, useLanguage, usePages } from '@tollgate/ui';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue, watch } from 'vue';
import { useSession } from '../../app/session.ts';
import type { PolicyTemplate, PolicyTemplateVersion, PolicyType } from './policy.ts';

export type { Direction, Policy, PolicySet, PolicyTemplate, PolicyTemplateVersion, PolicyType } from './policy.ts';

const mostPerPage = 200;

/** All policy templates of the organisation, page after page. */
export function useTemplates() {
  const { may } = useSession();
  const pages = usePages<PolicyTemplate>({
    key: ['policy-templates'],
    read: ({ cursor, signal }) =>
      dataOf(api.GET('/api/v1/policy-templates', { params: { query: { limit: mostPerPage, cursor } }, signal })),
    enabled: () => may('policies.read'),
  });
  watch(
    [pages.hasNextPage, pages.isFetching],
    ([hasNext, isFetching]) => {
      if (hasNext && !isFetching && !pages.isFetchNextPageError.value) void pages.fetchNextPage();
    },
    { immediate: true },
  );
  return pages;
}

/** One template with its draft; without an id nothing is asked. */
export function useTemplate(templateId: MaybeRefOrGetter<string | undefined>) {
  return useQuery({
    queryKey: computed(() => ['policy-templates', toValue(templateId)]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/policy-templates/{templateId}', {
          params: { path: { templateId: toValue(templateId) ?? '' } },
          signal,
        }),
      ),
    enabled: computed(() => toValue(templateId) !== undefined),
    refetchOnWindowFocus: false,
    staleTime: 0,
  });
}

/** The published versions of a template, newest first. */
export function useTemplateVersions(templateId: MaybeRefOrGetter<string | undefined>) {
  return usePages<PolicyTemplateVersion>({
    key: () => ['policy-templates', toValue(templateId), 'versions'],
    read: ({ cursor, signal }) =>
      dataOf(
        api.GET('/api/v1/policy-templates/{templateId}/versions', {
          params: { path: { templateId: toValue(templateId) ?? '' }, query: { limit: 20, cursor } },
          signal,
        }),
      ),
    enabled: () => toValue(templateId) !== undefined,
  });
}

/** The whole catalogue in the reader’s language; it changes with the platform’s version only. */
export function usePolicyTypes() {
  const { language } = useLanguage();
  return useQuery({
    queryKey: computed(() => ['policy-types', language.value]),
    queryFn: async ({ signal }) => {
      const types: PolicyType[] = [];
      let cursor: string | undefined;
      do {
        const page = await dataOf(
          api.GET('/api/v1/policy-types', { params: { query: { limit: mostPerPage, cursor } }, signal }),
        );
        types.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return types;
    },
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  });
}
