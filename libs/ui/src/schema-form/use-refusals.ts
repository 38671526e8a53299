import { computed, type ComputedRef, type MaybeRefOrGetter, toValue } from 'vue';
import { useI18n } from 'vue-i18n';
import { checkerOf } from './check-value.ts';
import type { JsonSchema } from './json-schema.ts';

/** Why a schema refuses a value, as sentences in the reader’s language by JSON Pointer; empty when it takes it. */
export function useRefusals(
  schema: MaybeRefOrGetter<JsonSchema>,
  value: MaybeRefOrGetter<unknown>,
): ComputedRef<ReadonlyMap<string, string>> {
  const { t } = useI18n();
  const check = computed(() => checkerOf(toValue(schema)));
  return computed(() => {
    const sentences = new Map<string, string>();
    for (const { pointer, reason, values } of check.value(toValue(value)))
      sentences.set(pointer, t(`ui.schema.refused.${reason}`, values));
    return sentences;
  });
}
