import { describe, expect, it } from 'vitest';
import { HostMap } from './host-map.ts';

function mapOf(...patterns: string[]): HostMap<string> {
  return HostMap.empty<string>().with(new Map(patterns.map((pattern) => [pattern, pattern])));
}

/** All that is offered for a host, in order. */
function offersIn(map: HostMap<string>, host: string): string[] {
  const offers: string[] = [];
  map.find(host, (value) => {
    offers.push(value);
    return undefined;
  });
  return offers;
}

describe('hosts', () => {
  const map = mapOf('a.b.test', '*.b.test', '*.test', '*', 'b.test', 'xb.test', '[::1]');
  it.each([
    ['a.b.test', ['a.b.test', '*.b.test', '*.test', '*']],
    ['c.b.test', ['*.b.test', '*.test', '*']],
    ['d.c.b.test', ['*.b.test', '*.test', '*']],
    ['b.test', ['b.test', '*.test', '*']],
    ['xb.test', ['xb.test', '*.test', '*']],
    ['yb.test', ['*.test', '*']],
    ['test', ['*']],
    ['elsewhere', ['*']],
    ['[::1]', ['[::1]', '*']],
    ['', ['*']],
  ])('%s is offered what takes it, best first', (host, offers) => {
    expect(offersIn(map, host)).toEqual(offers);
  });

  it('are found with what the caller knows', () => {
    const found = map.find('c.b.test', (value, wanted) => (value === wanted ? value : undefined), '*.test');
    expect(found).toBe('*.test');
  });

  it('that match nothing find nothing', () => {
    expect(offersIn(mapOf('a.test', '*.b.test'), 'b.test')).toEqual([]);
    expect(offersIn(HostMap.empty(), 'a.test')).toEqual([]);
  });

  it('are not taken by a wildcard that ends within a label', () => {
    expect(offersIn(mapOf('*b.test'), 'ab.test')).toEqual([]);
    expect(mapOf('*b.test').get('*b.test')).toBe('*b.test');
  });
});

describe('a change', () => {
  it('makes a new map and leaves the old one as it was', () => {
    const before = mapOf('a.test', '*.test');
    const after = before.with(
      new Map<string, string | undefined>([
        ['a.test', undefined],
        ['b.test', 'new'],
        ['*.test', 'changed'],
      ]),
    );
    expect(offersIn(before, 'a.test')).toEqual(['a.test', '*.test']);
    expect(offersIn(before, 'b.test')).toEqual(['*.test']);
    expect(offersIn(after, 'a.test')).toEqual(['changed']);
    expect(offersIn(after, 'b.test')).toEqual(['new', 'changed']);
  });
});
