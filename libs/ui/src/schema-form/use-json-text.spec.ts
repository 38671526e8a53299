import { afterEach, describe, expect, it } from 'vitest';
import { effectScope, nextTick, ref, type Ref } from 'vue';
import { type JsonText, jsonTextOf, useJsonText } from './use-json-text.ts';

const layout = '{ "count": 5,\n\n      "key": "remote_addr" }';
const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});

const held = (): JsonText => ({
  value: ref<Record<string, unknown>>({ key: 'remote_addr', count: 5 }),
  draft: ref(),
  typed: ref(),
  isBroken: ref(false),
});

/** The text as an editor shows it; `close` is what switching to the form does. */
function open(kept: JsonText): { text: Ref<string>; close: () => void } {
  const scope = effectScope();
  scopes.push(scope);
  const text = scope.run(() => useJsonText(kept));
  if (text === undefined) throw new Error('The scope has ended');
  return { text, close: () => scope.stop() };
}

describe('JSON that somebody typed', () => {
  it('keeps its layout when one goes to the form and comes back', async () => {
    const kept = held();
    const before = kept.value.value;
    const { text, close } = open(kept);
    text.value = layout;
    await nextTick();
    close();
    expect(open(kept).text.value).toBe(layout);
    // The same object: nobody is told that something changed.
    expect(kept.value.value).toBe(before);
  });

  it('is laid out anew only when the form says something else', async () => {
    const kept = held();
    const { text, close } = open(kept);
    text.value = layout;
    await nextTick();
    kept.value.value = { count: 5, key: 'remote_addr' };
    await nextTick();
    expect(text.value).toBe(layout);
    close();
    kept.value.value = { count: 6, key: 'remote_addr' };
    expect(open(kept).text.value).toBe(JSON.stringify({ count: 6, key: 'remote_addr' }, null, 2));
  });

  it('comes back as a draft while it is no object, and as it was valid last when that is given up', async () => {
    const kept = held();
    const { text, close } = open(kept);
    text.value = layout;
    await nextTick();
    text.value = `${layout},`;
    await nextTick();
    close();
    expect(kept.value.value).toEqual({ count: 5, key: 'remote_addr' });
    const again = open(kept);
    expect(again.text.value).toBe(`${layout},`);
    kept.draft.value = undefined;
    await nextTick();
    expect(again.text.value).toBe(layout);
    expect(kept.isBroken.value).toBe(false);
  });

  it('does not stand for another object', () => {
    expect(jsonTextOf({ count: 1 }, layout)).toBe('{\n  "count": 1\n}');
    expect(jsonTextOf({ count: 1 }, 'no JSON')).toBe('{\n  "count": 1\n}');
  });
});
