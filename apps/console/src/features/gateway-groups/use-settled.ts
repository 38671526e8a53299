import { onBeforeUnmount, type Ref, ref, watch } from 'vue';

/** A text once nobody has typed for a moment, so that a search asks once and not for every letter. */
export function useSettled(text: Ref<string>, afterMs = 250): Ref<string> {
  const settled = ref(text.value);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(text, (next) => {
    clearTimeout(timer);
    timer = setTimeout(() => (settled.value = next.trim()), afterMs);
  });
  onBeforeUnmount(() => clearTimeout(timer));
  return settled;
}
