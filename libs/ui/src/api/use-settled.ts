import { onScopeDispose, readonly, ref, type Ref, watch } from 'vue';

/** As long as letters follow each other faster than this, in milliseconds, only the last is asked for. */
const restMs = 50;

/**
 * What somebody types, as often as it is worth asking for: the first letter after a rest at once, so that nobody waits for nothing, and what
 * is typed in one go when it stands still. Blanks around it are left out.
 */
export function useSettled(text: Readonly<Ref<string>>, afterMs = restMs): Readonly<Ref<string>> {
  const settled = ref(text.value.trim());
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, () => {
    if (timer === undefined) settled.value = text.value.trim();
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      settled.value = text.value.trim();
    }, afterMs);
  });
  onScopeDispose(() => clearTimeout(timer));
  return readonly(settled);
}
