import { describe, expect, it } from 'vitest';
import { HeaderList } from './header-list.ts';

const hasName = (list: HeaderList, name: string) => list.hasNameAt(Buffer.from(`..${name}.`), 2, 2 + name.length);

describe('a list of headers', () => {
  it('knows names as bytes, in any case, whatever their length and however they came in', () => {
    const long = `X-${'Long'.repeat(20)}`;
    const list = new HeaderList(['Accept', 'a']);
    list.set('X-Limit', 10);
    list.append(long, 'c');
    for (const name of ['accept', 'X-LIMIT', long]) expect(hasName(list, name)).toBe(true);
    for (const name of ['accepT1', 'x-limi', `${long}x`, 'x']) expect(hasName(list, name)).toBe(false);
  });

  it('is empty once it was cleared, and takes others', () => {
    const list = new HeaderList(['A', '1', 'B', '2']);
    list.clear();
    expect([list.size, list.get('a'), hasName(list, 'a'), list.toFlatList()]).toEqual([0, undefined, false, []]);
    list.set('C', 3);
    expect([...list]).toEqual([['C', '3']]);
  });

  it('takes over another list in place of equal names', () => {
    const list = new HeaderList(['A', '1', 'B', '2', 'a', '3']);
    const other = new HeaderList(['a', '4']);
    other.clear();
    other.set('b', 5);
    list.replaceWith(other);
    expect(list.toFlatList()).toEqual(['A', '1', 'a', '3', 'b', '5']);
  });

  it('removes every header of a name and keeps the order of the others', () => {
    const list = new HeaderList(['A', '1', 'B', '2', 'a', '3']);
    list.remove('A');
    expect(list.toFlatList()).toEqual(['B', '2']);
    expect(hasName(list, 'b')).toBe(true);
  });
});
