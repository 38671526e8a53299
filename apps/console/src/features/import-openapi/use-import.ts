import { useMutation, useQueryClient } from '@tanstack/vue-query';
import { type components, TollgateError } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';
import { computed, reactive, ref, watch } from 'vue';
import { useGroupId } from '../../resources/use-resources.ts';

export type ImportResult = components['schemas']['ImportResult'];

/** What people fill in; of `document` and `url` the one that `source` names is sent. */
export interface ImportInput {
  source: 'text' | 'url';
  document: string;
  url: string;
  serviceId: string;
  upstreamUrl: string;
  templateId: string;
}

/** Largest documents take a while on both sides. */
const changedKeys = ['services', 'routes', 'upstreams', 'diff'] as const;

/** A document on its way into the draft: looked at first, then taken in. */
export function useImport() {
  const groupId = useGroupId();
  const queryClient = useQueryClient();
  const input = reactive<ImportInput>({
    source: 'text',
    document: '',
    url: '',
    serviceId: '',
    upstreamUrl: '',
    templateId: '',
  });
  const isReady = computed(() => (input.source === 'url' ? input.url : input.document).trim() !== '');
  const preview = ref<ImportResult>();

  const send = (dryRun: boolean): Promise<ImportResult> =>
    dataOf(
      api.POST('/api/v1/gateway-groups/{groupId}/imports', {
        params: { path: { groupId }, query: dryRun ? { dryRun: 'true' } : {} },
        body: {
          ...(input.source === 'url' ? { url: input.url.trim() } : { document: input.document }),
          ...(input.serviceId === '' ? {} : { serviceId: input.serviceId }),
          ...(input.upstreamUrl === '' ? {} : { upstreamUrl: input.upstreamUrl }),
          ...(input.templateId === '' ? {} : { policyTemplate: { id: input.templateId, version: 'latest' as const } }),
        },
      }),
    );
  const look = useMutation({
    mutationFn: () => send(true),
    onSuccess: (result) => (preview.value = result),
    onError: () => (preview.value = undefined),
  });
  const take = useMutation({
    mutationFn: () => send(false),
    onSuccess: () =>
      Promise.all(changedKeys.map((first) => queryClient.invalidateQueries({ queryKey: [first, groupId] }))),
  });
  // A preview tells of what was sent; something else needs another.
  watch(
    () => ({ ...input }),
    () => {
      preview.value = undefined;
      look.reset();
      take.reset();
    },
  );
  const error = computed(() => take.error.value ?? look.error.value);
  return {
    groupId,
    input,
    isReady,
    preview,
    look,
    take,
    error,
    places: computed(() => (error.value instanceof TollgateError ? error.value.places : [])),
  };
}
