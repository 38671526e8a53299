import { computed } from 'vue';
import { useGroup, useGroups } from '../../app/use-group.ts';

/** Whether the gateway group can have stream routes: the ports of a shared pool belong to nobody. */
export function useStreamSupport() {
  const { group } = useGroup();
  const { isLoading } = useGroups();
  return {
    isShared: computed(() => group.value?.poolKind === 'shared'),
    isUnknown: computed(() => group.value === undefined && isLoading.value),
  };
}
