import { type Ref, ref, watch } from 'vue';
import { isSame } from './field-value.ts';
import { isObject } from './json-schema.ts';

/** An object as somebody writes it, and what outlives the editor that it is written in. */
export interface JsonText {
  readonly value: Ref<Record<string, unknown>>;
  /** The text while it is no object. */
  readonly draft: Ref<string | undefined>;
  /** The text as it was last when it was an object. */
  readonly typed: Ref<string | undefined>;
  readonly isBroken: Ref<boolean>;
}

/** The object that a text holds; undefined where it holds none. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const read = JSON.parse(text) as unknown;
    return isObject(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** An object as text: as somebody typed it while that still says the same, else laid out anew. */
export function jsonTextOf(value: Readonly<Record<string, unknown>>, typed?: string): string {
  return typed !== undefined && isSame(objectIn(typed), value) ? typed : JSON.stringify(value, null, 2);
}

/**
 * The text of an object; each follows the other. While the text is no object the value stays as it was, and taking the draft away brings back
 * the text that was valid last. Blanks, line breaks and the order of keys stay as they were typed until the value says something else.
 */
export function useJsonText({ value, draft, typed, isBroken }: JsonText): Ref<string> {
  const written = (): string => jsonTextOf(value.value, typed.value);
  const text = ref(draft.value ?? written());
  watch(
    text,
    () => {
      const next = objectIn(text.value);
      isBroken.value = next === undefined;
      draft.value = next === undefined ? text.value : undefined;
      if (next === undefined) return;
      typed.value = text.value;
      if (!isSame(next, value.value)) value.value = next;
    },
    { immediate: draft.value !== undefined },
  );
  watch(value, (next) => {
    if (!isSame(next, objectIn(text.value))) text.value = written();
  });
  watch(draft, (kept) => {
    if (kept === undefined && isBroken.value) text.value = written();
  });
  return text;
}
