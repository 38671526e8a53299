import { onScopeDispose, readonly, ref, type Ref, watch } from 'vue';

/** Follows `source` once it has stood still for so many milliseconds. */
export function refDebounced<T extends string | number>(source: Readonly<Ref<T>>, milliseconds: number) {
  const settled = ref(source.value) as Ref<T>;
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(source, (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => (settled.value = value), milliseconds);
  });
  onScopeDispose(() => clearTimeout(timer));
  return readonly(settled) as Readonly<Ref<T>>;
}
