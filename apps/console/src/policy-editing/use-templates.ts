import { api, dataOf, useLanguage, usePages, useSettled } from '@tollgate/ui';
import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, ref, toValue } from 'vue';
import { useSession } from '../app/session.ts';
import type { PolicyTemplate, PolicyTemplateVersion, PolicyType } from './policy.ts';

export type { Direction, Policy, PolicySet, PolicyTemplate, PolicyTemplateVersion, PolicyType } from './policy.ts';

const mostPerPage = 200;

/** What a list of templates takes; empty filters are left out. */
export interface TemplateFilters {
  readonly search?: string;
  readonly isPublished?: 'true' | 'false';
  readonly sort?: '-name' | 'name' | '-updatedAt' | 'updatedAt';
}

/** Policy templates of the organisation as the filters say, page by page. */
export function useTemplates(filters: MaybeRefOrGetter<TemplateFilters>, limit = 50) {
  const { may } = useSession();
  return usePages<PolicyTemplate>({
    key: () => ['policy-templates', 'list', toValue(filters)],
    read: ({ cursor, signal }) => {
      const { search, ...others } = toValue(filters);
      const query = {
        ...others,
        ...(search ? { search } : {}),
        limit,
        ...(cursor ? { cursor } : { withTotal: 'true' as const }),
      };
      return dataOf(api.GET('/api/v1/policy-templates', { params: { query }, signal }));
    },
    enabled: () => may('policies.read'),
    keepsPrevious: true,
  });
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

/** What is offered while somebody looks for a published template, and the chosen one. */
export function useTemplatePicker(chosen: MaybeRefOrGetter<string | undefined>) {
  const search = ref('');
  const settled = useSettled(search);
  const { items, isPending } = useTemplates(() => ({ search: settled.value, isPublished: 'true', sort: 'name' }), 20);
  const { data: template, isLoading } = useTemplate(chosen);
  const options = computed(() => items.value.map(({ id, name }) => ({ value: id, label: name })));
  return {
    search,
    options,
    template,
    /** While it is not known yet which one is chosen. */
    isLoading,
    chosenLabel: computed(() => template.value?.name),
    hasNone: computed(() => !isPending.value && settled.value === '' && options.value.length === 0),
  };
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
  const { may } = useSession();
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
    enabled: computed(() => may('policies.read')),
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  });
}
