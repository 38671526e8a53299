import { nextTick, onBeforeUnmount, onMounted, type Ref, ref } from 'vue';

/** Widths of columns as they were at first: rows that come into view do not move them. Measured again when the window has another width. */
export function useFrozenWidths(head: Ref<HTMLElement | null>) {
  const widths = ref<readonly number[]>();
  let width = window.innerWidth;

  async function freeze(): Promise<void> {
    widths.value = undefined;
    await nextTick();
    const cells = [...(head.value?.children ?? [])];
    if (cells.length > 0) widths.value = cells.map((cell) => cell.getBoundingClientRect().width);
  }
  function onResize(): void {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    if (widths.value !== undefined) void freeze();
  }
  onMounted(() => addEventListener('resize', onResize));
  onBeforeUnmount(() => removeEventListener('resize', onResize));

  return { widths, freeze };
}
