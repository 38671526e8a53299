import { onBeforeUnmount, type Ref, ref, watch } from 'vue';

/** How far below the window the end may be for more to be read, so that nobody who scrolls waits. */
const ahead = '1500px';

/** Asks for more while the end of a list is in view, or nearly. */
export function useMoreInView(end: Ref<Element | null>, options: { isOn: () => boolean; more: () => void }): void {
  const isInView = ref(false);
  const observer = new IntersectionObserver((entries) => (isInView.value = entries.at(-1)?.isIntersecting ?? false), {
    rootMargin: `0px 0px ${ahead} 0px`,
  });
  watch(end, (present, before) => {
    if (before) observer.unobserve(before);
    isInView.value = false;
    if (present) observer.observe(present);
  });
  watch([isInView, options.isOn], ([inView, isOn]) => {
    if (inView && isOn) options.more();
  });
  onBeforeUnmount(() => observer.disconnect());
}
