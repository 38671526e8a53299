import { describe, expect, it } from 'vitest';
import { lineAt, markOfLine } from './editor-mark.ts';
import { jsonPlaces, nearestPlace } from './json-places.ts';

const text = '{\n  "nodes": [{ "host": "a" }, { "host": "b" }],\n  "a/b": 1\n}';
const shown = (pointer: string): string => {
  const { from, to } = nearestPlace(jsonPlaces(text).places, pointer);
  return text.slice(from, to);
};

describe('places of a JSON text', () => {
  it('are found by pointer, with escaped names', () => {
    expect(shown('/nodes/1')).toBe('{ "host": "b" }');
    expect(shown('/nodes/0/host')).toBe('"host": "a"');
    expect(shown('/a~1b')).toBe('"a/b": 1');
  });

  it('are those around what is missing', () => {
    expect(shown('/nodes/1/weight')).toBe('{ "host": "b" }');
    expect(shown('/other')).toBe('{');
  });

  it('tell where a text stops being JSON', () => {
    expect(jsonPlaces(text).fault).toBeUndefined();
    expect(jsonPlaces('{ "a": }').fault?.from).toBeGreaterThan(0);
    const broken = '{\n  "a": 1,\n  "b" 2,\n  "c": 3\n}';
    expect(lineAt(broken, jsonPlaces(broken).fault?.from ?? 0)).toBe(3);
    const unclosed = '{\n  "a": [1, 2';
    expect(lineAt(unclosed, jsonPlaces(unclosed).fault?.from ?? 0)).toBe(2);
  });

  it('can be whole lines', () => {
    expect(markOfLine('a\nbcd\ne', 2, 'x')).toEqual({ from: 2, to: 5, message: 'x' });
    expect(markOfLine('a\nb', 9, 'x')).toEqual({ from: 2, to: 3, message: 'x' });
    expect([lineAt('a\nbcd\ne', 0), lineAt('a\nbcd\ne', 3), lineAt('a\nbcd\ne', 99)]).toEqual([1, 2, 3]);
  });
});
