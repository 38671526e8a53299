import { computed, type Ref, ref, watch } from 'vue';

/** Most routes of one gateway group that a product sells; see ProductBinding in the API reference. */
export const mostChosen = 1000;

/** Chooses everything that a search finds: what is not read yet is read first, as far as a product may hold it. */
export function useChooseAll(options: {
  readonly chosen: Ref<string[]>;
  /** Ids that are read, may be chosen and are not. */
  readonly selectable: Readonly<Ref<readonly string[]>>;
  readonly search: Readonly<Ref<string>>;
  readonly list: {
    readonly hasNextPage: Readonly<Ref<boolean>>;
    readonly fetchNextPage: () => Promise<{ readonly isError: boolean }>;
  };
  readonly failed: () => void;
  readonly most?: number;
}) {
  const { chosen, selectable, search, list, failed, most = mostChosen } = options;
  const isBusy = ref(false);
  /** Whether the last choice left something out for want of room. */
  const isCapped = ref(false);
  watch(search, () => (isCapped.value = false));
  const room = computed(() => Math.max(0, most - chosen.value.length));

  async function chooseAll(): Promise<void> {
    const asked = search.value;
    isBusy.value = true;
    try {
      while (list.hasNextPage.value && selectable.value.length < room.value) {
        const { isError } = await list.fetchNextPage();
        // Who searches for something else meanwhile no longer means these.
        if (search.value !== asked) return;
        if (isError) {
          failed();
          return;
        }
      }
      isCapped.value = list.hasNextPage.value || selectable.value.length > room.value;
      chosen.value = [...chosen.value, ...selectable.value.slice(0, room.value)];
    } finally {
      isBusy.value = false;
    }
  }
  return { chooseAll, isBusy, isCapped };
}
