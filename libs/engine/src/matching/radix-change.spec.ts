import { describe, expect, it } from 'vitest';
import { Dice } from '../testing/dice.ts';
import { valueAt, withReplaced } from './radix-change.ts';
import { type RadixKey, RadixNode } from './radix-node.ts';

const keyOf = (literal: string, isExact = true): RadixKey => ({ literal, isExact });
const literalOf = (number: number): string => `/api/v${number % 3}/resource-${number}`;

function put(root: RadixNode<string>, key: RadixKey, value: string | null): RadixNode<string> {
  return withReplaced(root, { key, edit: {}, replace: () => value });
}

function treeOf(keys: Iterable<RadixKey>): RadixNode<string> {
  let root = new RadixNode<string>({}, '');
  const edit = {};
  for (const key of keys) root = withReplaced(root, { key, edit, replace: () => key.literal });
  return root;
}

function nodesOf(root: RadixNode<string>): RadixNode<string>[] {
  const nodes = [root];
  for (const node of nodes) {
    for (let code = 0; code < 256; code++) nodes.push(...[node.child(code)].flatMap((child) => child ?? []));
  }
  return nodes;
}

describe('a change of a radix tree', () => {
  const keys = Array.from({ length: 2_000 }, (_, number) => keyOf(literalOf(number)));
  const tree = treeOf(keys);
  const nodes = new Set(nodesOf(tree));
  const copiedIn = (changed: RadixNode<string>) => nodesOf(changed).filter((node) => !nodes.has(node));

  it.each([
    ['that files something new', '/api/v1/resource-1/items', 'new'],
    ['that files something beside others', '/api/v1/reports', 'new'],
    ['that replaces something', literalOf(1_234), 'new'],
    ['that takes something away', literalOf(1_234), null],
  ])('%s copies only the nodes on its way', (_name, literal, value) => {
    const copied = copiedIn(put(tree, keyOf(literal), value));
    expect(copied.length).toBeGreaterThan(0);
    expect(copied.length).toBeLessThan(12);
    expect(nodesOf(tree).every((node) => nodes.has(node))).toBe(true);
    for (const { literal: other } of keys) expect(valueAt(tree, keyOf(other))).toBe(other);
  });

  it('that changes nothing is the same tree', () => {
    expect(put(tree, keyOf('/api/v9'), null)).toBe(tree);
    expect(put(tree, keyOf(literalOf(7)), literalOf(7))).toBe(tree);
  });

  it('leaves the tree that would have been built without what is gone', () => {
    const dice = new Dice(7);
    const all = Array.from({ length: 300 }, () =>
      keyOf(
        Array.from({ length: 1 + dice.below(6) }, () => dice.pick(['a', 'b', 'ab', '/'])).join(''),
        dice.below(2) === 0,
      ),
    );
    const staying = all.filter(() => dice.below(3) > 0);
    let changed = treeOf(all);
    for (const key of all) {
      const stays = staying.some(({ literal, isExact }) => literal === key.literal && isExact === key.isExact);
      if (!stays) changed = put(changed, key, null);
    }
    const shapeOf = (root: RadixNode<string>) =>
      nodesOf(root).map(({ label, exact, through }) => [label, exact, through]);
    expect(shapeOf(changed)).toEqual(shapeOf(treeOf(staying)));
    for (const key of staying) changed = put(changed, key, null);
    expect(changed.isEmpty).toBe(true);
  });

  it('may lie as deep as a path is long', () => {
    const chain = Array.from({ length: 4_096 }, (_, length) => keyOf('/'.padEnd(length + 1, 'a'), false));
    let deep = treeOf(chain);
    for (const key of chain) deep = put(deep, key, null);
    expect(deep.isEmpty).toBe(true);
  });
});
