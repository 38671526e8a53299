import { describe, expect, it } from 'vitest';
import { changeBetween } from './text-change.ts';

describe('the change between two texts', () => {
  it('touches only what differs, so that a cursor before or behind it stays where it is', () => {
    expect(changeBetween('{ "a": 1, "b": 2 }', '{ "a": 17, "b": 2 }')).toEqual({ from: 8, to: 8, insert: '7' });
    expect(changeBetween('one two three', 'one 2 three')).toEqual({ from: 4, to: 7, insert: '2' });
  });

  it('is none where nothing differs', () => {
    expect(changeBetween('same', 'same')).toBeUndefined();
  });

  it.each([
    ['', 'new'],
    ['old', ''],
    ['aaa', 'aaaa'],
    ['aaaa', 'aaa'],
    ['abab', 'ab'],
    ['ab', 'abab'],
    ['x', 'y'],
  ])('makes “%s” into “%s”', (before, after) => {
    const { from, to, insert } = changeBetween(before, after) ?? { from: 0, to: 0, insert: '' };
    expect(from).toBeLessThanOrEqual(to);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
  });
});
