import { onScopeDispose, readonly, ref, type Ref, watch } from 'vue';

/** Half a second: longer than people pause between two keys. */
const lagMs = 500;

/** True once `condition` has held for half a second; false as soon as it does not. */
export function useLagging(condition: Readonly<Ref<boolean>>): Readonly<Ref<boolean>> {
  const lagging = ref(condition.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(condition, (holds) => {
    clearTimeout(timer);
    if (holds) timer = setTimeout(() => (lagging.value = true), lagMs);
    else lagging.value = false;
  });
  onScopeDispose(() => clearTimeout(timer));
  return readonly(lagging);
}
