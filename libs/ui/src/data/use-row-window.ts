import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/vue-virtual';
import { type ComponentPublicInstance, computed, onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** A row that stands in the document, and the empty height before it. */
export interface WindowRow<T> {
  readonly row: T;
  readonly index: number;
  readonly gap: number;
}

/** Height of a row before it was measured, in pixels. */
const likelyHeight = 62;
/** Rows beyond the visible ones that stand ready on either side. */
const overscan = 12;

/** Rows of a long table that are in view, so that thousands cost no more than a few; the one that has the focus stays. */
export function useRowWindow<T>(options: {
  rows: () => readonly T[];
  rowKey: (row: T) => string;
  body: Ref<HTMLElement | null>;
  isOn: () => boolean;
}) {
  const { rows, rowKey, body, isOn } = options;
  const top = ref(0);
  const focused = ref<number>();

  const virtualizer = useWindowVirtualizer<HTMLElement>(
    computed(() => ({
      count: isOn() ? rows().length : 0,
      estimateSize: () => likelyHeight,
      overscan,
      scrollMargin: top.value,
      getItemKey: (index: number) => {
        const row = rows()[index];
        return row === undefined ? index : rowKey(row);
      },
      rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const inView = defaultRangeExtractor(range);
        const kept = focused.value;
        if (kept === undefined || kept >= range.count || inView.includes(kept)) return inView;
        return [...inView, kept].toSorted((a, b) => a - b);
      },
    })),
  );

  const shown = computed<WindowRow<T>[]>(() => {
    if (!isOn()) return rows().map((row, index) => ({ row, index, gap: 0 }));
    let end = top.value;
    return virtualizer.value.getVirtualItems().flatMap(({ index, start, end: next }) => {
      const row = rows()[index];
      const gap = Math.max(0, start - end);
      end = next;
      return row === undefined ? [] : [{ row, index, gap }];
    });
  });
  const rest = computed(() => {
    if (!isOn()) return 0;
    const end = virtualizer.value.getVirtualItems().at(-1)?.end ?? top.value;
    return Math.max(0, virtualizer.value.getTotalSize() + top.value - end);
  });

  function measure(row: Element | ComponentPublicInstance | null): void {
    if (isOn() && row instanceof HTMLElement) virtualizer.value.measureElement(row);
  }
  function onFocus({ target }: FocusEvent): void {
    const index = target instanceof Element ? target.closest<HTMLElement>('tr')?.dataset['index'] : undefined;
    focused.value = index === undefined ? undefined : Number(index);
  }
  /** Where the first row begins in the document; what is above it may come and go. */
  function find(): void {
    if (body.value !== null) top.value = Math.round(body.value.getBoundingClientRect().top + window.scrollY);
  }
  const watcher = new ResizeObserver(find);
  onMounted(() => watcher.observe(document.body));
  onBeforeUnmount(() => watcher.disconnect());

  return { shown, rest, measure, find, onFocus, onBlur: () => (focused.value = undefined) };
}
