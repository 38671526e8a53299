import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, readStored, writeStored } from '@tollgate/ui';
import { computed, ref, watchEffect } from 'vue';
import { useRoute } from 'vue-router';
import { useSession } from './session.ts';

const storageKey = 'tollgate.group';
const remembered = ref<string | undefined>(readStored(storageKey) ?? undefined);

/** A few groups are listed at once; who has more searches for them on their page. */
const mostListed = 200;

/** Every gateway group of the organisation, as the switcher and many pages need them. */
export function useGroups() {
  const { may } = useSession();
  return useQuery({
    queryKey: ['gateway-groups'],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/gateway-groups', { params: { query: { limit: mostListed } }, signal })),
    select: ({ items }) => items,
    enabled: computed(() => may('gateways.read')),
    staleTime: 30_000,
  });
}

/** The gateway group that pages are about: the one in the address, else the one chosen last, else the first. */
export function useGroup() {
  const route = useRoute();
  const { data: groups } = useGroups();
  const groupId = computed(() => {
    const inAddress = route.params.groupId;
    if (typeof inAddress === 'string') return inAddress;
    const known = groups.value ?? [];
    return (known.find(({ id }) => id === remembered.value) ?? known[0])?.id;
  });
  watchEffect(() => {
    const inAddress = route.params.groupId;
    if (typeof inAddress !== 'string' || inAddress === remembered.value) return;
    remembered.value = inAddress;
    writeStored(storageKey, inAddress);
  });
  return { groupId, group: computed(() => groups.value?.find(({ id }) => id === groupId.value)) };
}
