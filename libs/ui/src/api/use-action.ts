import { type QueryKey, useQueryClient } from '@tanstack/vue-query';
import { computed, shallowReactive } from 'vue';
import { useToasts } from '../feedback/use-toasts.ts';
import { useProblem } from './use-problem.ts';

/** Something done by one tap: says how it went, reads again what changed, and takes no second tap meanwhile. `idOf` tells taps on different things apart. */
export function useAction<A>(options: {
  run: (argument: A) => Promise<unknown>;
  /** What to say when it worked; nothing where the page shows it anyway. */
  done?: (argument: A) => string;
  /** Keys of the lists and objects that it changes. */
  changes?: (argument: A) => readonly QueryKey[];
  idOf?: (argument: A) => string;
}) {
  const queryClient = useQueryClient();
  const toasts = useToasts();
  const explain = useProblem();
  const busy = shallowReactive(new Set<string>());
  const idOf = options.idOf ?? (() => '');

  /** @returns whether it worked. */
  async function run(argument: A): Promise<boolean> {
    const id = idOf(argument);
    if (busy.has(id)) return false;
    busy.add(id);
    try {
      await options.run(argument);
      const text = options.done?.(argument);
      if (text !== undefined) toasts.success(text);
      return true;
    } catch (error) {
      toasts.failure(explain(error).sentence);
      return false;
    } finally {
      // After a refusal as well: it often means that the page is behind.
      await Promise.all(
        (options.changes?.(argument) ?? []).map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
      busy.delete(id);
    }
  }

  return { run, isBusy: computed(() => busy.size > 0), isBusyWith: (argument: A) => busy.has(idOf(argument)) };
}
