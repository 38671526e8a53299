import type { TollgateError } from '@tollgate/client';
import { type ShallowRef, shallowRef, watch } from 'vue';
import { useProblem } from '../api/use-problem.ts';
import { useToasts } from '../feedback/use-toasts.ts';
import { useForm } from './use-form.ts';

/**
 * A form over an object that others may change as well. What changes elsewhere is taken over while nothing is typed; a save that comes
 * too late loses nothing: {@link useForm} sets `hasConflict`, and the page offers `takeTheirs` and `keepMine` (see UiConflict).
 */
export function useObjectForm<O extends { readonly version: number }, T extends object>(options: {
  object: () => O;
  valuesOf: (object: O) => T;
  /** Sends the values for the object as it was read (`ifMatch`). @returns it as it is afterwards. */
  save: (values: T, object: O) => Promise<O>;
  /** Reads the object as it is now. */
  reload: () => Promise<O>;
  check?: (values: T) => Partial<Record<keyof T & string, string | undefined>>;
  refused?: (error: TollgateError) => Partial<Record<keyof T & string, string>> | undefined;
  guardLeaving?: boolean;
}) {
  const explain = useProblem();
  const toasts = useToasts();
  const base = shallowRef(options.object()) as ShallowRef<O>;
  const form = useForm<T>({
    initial: options.valuesOf(base.value),
    check: options.check,
    refused: options.refused,
    guardLeaving: options.guardLeaving,
    submit: async (values) => {
      base.value = await options.save(values, base.value);
    },
  });

  watch(options.object, (next) => {
    if (form.isDirty.value || form.isBusy.value || next.version < base.value.version) return;
    base.value = next;
    form.reset(options.valuesOf(next));
  });

  /** @returns whether the object as it is now could be read; a toast says why not. */
  async function readTheirs(): Promise<boolean> {
    try {
      base.value = await options.reload();
      return true;
    } catch (error) {
      toasts.failure(explain(error).sentence);
      return false;
    }
  }

  async function takeTheirs(): Promise<void> {
    if (await readTheirs()) form.reset(options.valuesOf(base.value));
  }

  async function keepMine(): Promise<boolean> {
    return (await readTheirs()) && form.submit();
  }

  /** Back to the object as it was read. */
  function discard(): void {
    form.reset(options.valuesOf(base.value));
  }

  return { ...form, takeTheirs, keepMine, discard };
}
