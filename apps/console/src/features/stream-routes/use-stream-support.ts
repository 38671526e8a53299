import { computed } from 'vue';
import { useGroup } from '../../app/use-group.ts';

/** Whether the gateway group can have stream routes: the ports of a shared pool belong to nobody. */
export function useStreamSupport() {
  const { group } = useGroup();
  return { isShared: computed(() => group.value?.poolKind === 'shared') };
}
