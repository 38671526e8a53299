import { TollgateError } from '@tollgate/client';
import { computed, reactive, ref, watch } from 'vue';
import { onBeforeRouteLeave, onBeforeRouteUpdate } from 'vue-router';
import { useI18n } from 'vue-i18n';
import { useProblem } from '../api/use-problem.ts';
import { isConflict, isSessionLost } from '../api/client.ts';
import { focusRefused, presentForm } from './focus-refused.ts';
import { useUnloadGuard } from './use-unload-guard.ts';

/** A form's values, what the server says about them, and whether something would be lost by leaving. */
export function useForm<T extends object>(options: {
  initial: T;
  /** Sends the values. What it throws is shown: at the fields where the server names places, else above the button. */
  submit: (values: T) => Promise<unknown>;
  /** Refusals known before asking the server, by field; a field that is fine has none. */
  check?: (values: T) => Partial<Record<keyof T & string, string | undefined>>;
  /** The page's own reading of what the server refused, by field; undefined leaves it to the places that the server names. */
  refused?: (error: TollgateError) => Partial<Record<keyof T & string, string>> | undefined;
  /** False for forms in dialogs, which ask themselves. */
  guardLeaving?: boolean;
}) {
  const { t } = useI18n();
  const explain = useProblem();
  const values = reactive(structuredClone(options.initial)) as T;
  const saved = ref(JSON.stringify(options.initial));
  const isBusy = ref(false);
  const failure = ref<string>();
  const hasConflict = ref(false);
  const serverErrors = ref<Record<string, string>>({});
  /** The server’s refusals by JSON Pointer, for values that have places of their own. */
  const places = ref<Record<string, string>>({});
  const wasSubmitted = ref(false);
  const touched = reactive(new Set<string>());

  const isDirty = computed(() => JSON.stringify(values) !== saved.value);
  const checked = computed<Partial<Record<string, string | undefined>>>(() => options.check?.(values) ?? {});

  watch(
    () => ({ ...values }),
    (next, before) => {
      for (const field of Object.keys(next)) {
        if (next[field as keyof T] !== before[field as keyof T]) {
          touched.add(field);
          const { [field]: _, ...others } = serverErrors.value;
          serverErrors.value = others;
        }
      }
    },
  );

  /** Why a field is refused; undefined while it is fine or has not been looked at yet. */
  function errorOf(field: keyof T & string): string | undefined {
    if (serverErrors.value[field] !== undefined) return serverErrors.value[field];
    return wasSubmitted.value || touched.has(field) ? checked.value[field] : undefined;
  }

  /** Takes the values as the server has them now. */
  function reset(next: T): void {
    Object.assign(values, structuredClone(next));
    saved.value = JSON.stringify(values);
    serverErrors.value = {};
    places.value = {};
    failure.value = undefined;
    hasConflict.value = false;
    wasSubmitted.value = false;
    queueMicrotask(() => touched.clear());
  }

  /** @returns whether it was accepted. */
  async function submit(): Promise<boolean> {
    const place = presentForm();
    wasSubmitted.value = true;
    failure.value = undefined;
    places.value = {};
    hasConflict.value = false;
    if (Object.values(checked.value).some((message) => message !== undefined)) {
      void focusRefused(place);
      return false;
    }
    isBusy.value = true;
    const sent = JSON.stringify(values);
    try {
      await options.submit(values);
      saved.value = sent;
      return true;
    } catch (error) {
      hasConflict.value = isConflict(error);
      takeRefusal(error);
      void focusRefused(place);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  function takeRefusal(error: unknown): void {
    const own = error instanceof TollgateError ? options.refused?.(error) : undefined;
    if (own !== undefined) {
      serverErrors.value = own as Record<string, string>;
      return;
    }
    const refused = error instanceof TollgateError ? error.places : [];
    places.value = Object.fromEntries(refused.map(({ pointer, message }) => [pointer, message]));
    const byField: Record<string, string> = {};
    const elsewhere: string[] = [];
    for (const { pointer, message } of refused) {
      const field = pointer.split('/')[1] ?? '';
      if (field in values) byField[field] = message;
      else elsewhere.push(`${pointer}: ${message}`);
    }
    serverErrors.value = byField;
    if (elsewhere.length > 0) failure.value = elsewhere.join(' ');
    else if (Object.keys(byField).length === 0) failure.value = explain(error).sentence;
  }

  // Who has logged in again needs not be told any longer that they were logged out.
  watch(isSessionLost, (isLost) => {
    if (!isLost) failure.value = undefined;
  });

  if (options.guardLeaving ?? true) {
    const mayLeave = (): boolean => !isDirty.value || isBusy.value || window.confirm(t('ui.unsaved'));
    onBeforeRouteLeave(mayLeave);
    useUnloadGuard(isDirty);
    // To another thing of the same kind, whose page is the same one.
    onBeforeRouteUpdate((to, from) => to.path === from.path || mayLeave());
  }

  return { values, isDirty, isBusy, failure, hasConflict, wasSubmitted, places, errorOf, submit, reset };
}
