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

  /** For dialogs, which show themselves why something failed. @throws what the server refused with. */
  async function runOrThrow(argument: A): Promise<void> {
    const id = idOf(argument);
    busy.add(id);
    try {
      await options.run(argument);
      const text = options.done?.(argument);
      if (text !== undefined) toasts.success(text);
    } finally {
      // After a refusal as well: it often means that the page is behind.
      await Promise.all(
        (options.changes?.(argument) ?? []).map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
      busy.delete(id);
    }
  }

  /** @returns whether it worked; a toast says why not. */
  async function run(argument: A): Promise<boolean> {
    if (busy.has(idOf(argument))) return false;
    try {
      await runOrThrow(argument);
      return true;
    } catch (error) {
      toasts.failure(explain(error).sentence);
      return false;
    }
  }

  return {
    run,
    runOrThrow,
    isBusy: computed(() => busy.size > 0),
    isBusyWith: (argument: A) => busy.has(idOf(argument)),
  };
}
