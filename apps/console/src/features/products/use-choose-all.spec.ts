import { describe, expect, it } from 'vitest';
import { computed, nextTick, ref } from 'vue';
import { useChooseAll } from './use-choose-all.ts';

const all = ['a', 'b', 'c', 'd', 'e', 'f'];

/** A list of which two more are read with each page; `after` happens when a page has come. */
function world(options: { most?: number; after?: (search: { value: string }) => void; isError?: boolean } = {}) {
  const chosen = ref<string[]>(['a']);
  const read = ref(2);
  const search = ref('');
  const failures: string[] = [];
  const choosing = useChooseAll({
    chosen,
    search,
    selectable: computed(() => all.slice(0, read.value).filter((id) => !chosen.value.includes(id))),
    list: {
      hasNextPage: computed(() => read.value < all.length),
      fetchNextPage: () => {
        if (!options.isError) read.value += 2;
        options.after?.(search);
        return Promise.resolve({ isError: options.isError ?? false });
      },
    },
    failed: () => failures.push('told'),
    ...(options.most === undefined ? {} : { most: options.most }),
  });
  return { ...choosing, chosen, search, failures };
}

describe('choosing all routes that are found', () => {
  it('chooses also those that were not read yet', async () => {
    const { chooseAll, chosen, isCapped } = world();
    await chooseAll();
    expect(chosen.value).toEqual(all);
    expect(isCapped.value).toBe(false);
  });

  it('stops at what a product may hold, and says so until another search', async () => {
    const { chooseAll, chosen, isCapped, search } = world({ most: 4 });
    await chooseAll();
    expect(chosen.value).toEqual(['a', 'b', 'c', 'd']);
    expect(isCapped.value).toBe(true);
    search.value = 'e';
    await nextTick();
    expect(isCapped.value).toBe(false);
  });

  it('chooses nothing of a search that was given up, and nothing of one that failed', async () => {
    const other = world({ after: (search) => (search.value = 'x') });
    await other.chooseAll();
    expect(other.chosen.value).toEqual(['a']);
    const failing = world({ isError: true });
    await failing.chooseAll();
    expect(failing.chosen.value).toEqual(['a']);
    expect(failing.failures).toEqual(['told']);
    expect(failing.isBusy.value).toBe(false);
  });
});
