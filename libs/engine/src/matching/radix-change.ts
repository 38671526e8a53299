import { type Edit, type RadixKey, RadixNode } from './radix-node.ts';

/** What becomes of the value filed under a key; null = nothing, before and after. */
export type Replace<V> = (before: V | null) => V | null;

/** The root of a tree in which the value under the key is replaced. Nodes that nothing needs any more are dropped or merged. */
export function withReplaced<V>(
  root: RadixNode<V>,
  { key, edit, replace }: { readonly key: RadixKey; readonly edit: Edit; readonly replace: Replace<V> },
): RadixNode<V> {
  const before = valueAt(root, key);
  const after = replace(before);
  if (after === before) return root;
  if (after === null) return withRemoved(root, key, edit);
  const ownRoot = root.owned(edit);
  set(descendOrGrow(ownRoot, key.literal, edit), key, after);
  return ownRoot;
}

/** What is filed under exactly this key. */
export function valueAt<V>(root: RadixNode<V>, { literal, isExact }: RadixKey): V | null {
  let node: RadixNode<V> | undefined = root;
  let depth = 0;
  while (depth < literal.length) {
    node = node.child(literal.charCodeAt(depth));
    if (node === undefined || !literal.startsWith(node.label, depth + 1)) return null;
    depth += 1 + node.label.length;
  }
  return isExact ? node.exact : node.through;
}

function set<V>(node: RadixNode<V>, { isExact }: RadixKey, value: V | null): void {
  if (isExact) node.exact = value;
  else node.through = value;
}

/** The node at the end of `literal`, made where it is missing. `root` is owned by the edit. */
function descendOrGrow<V>(root: RadixNode<V>, literal: string, edit: Edit): RadixNode<V> {
  let node = root;
  let depth = 0;
  while (depth < literal.length) {
    const code = literal.charCodeAt(depth);
    const existing = node.child(code);
    const child = existing === undefined ? new RadixNode<V>(edit, literal.slice(depth + 1)) : existing.owned(edit);
    const shared = commonLength(child.label, literal, depth + 1);
    const next = shared < child.label.length ? child.split(edit, shared) : child;
    if (next !== existing) node.setChild(code, next);
    node = next;
    depth += 1 + shared;
  }
  return node;
}

/** Takes away a value that is there. */
function withRemoved<V>(root: RadixNode<V>, key: RadixKey, edit: Edit): RadixNode<V> {
  const { literal } = key;
  const ownRoot = root.owned(edit);
  const way: { parent: RadixNode<V>; code: number }[] = [];
  let node = ownRoot;
  for (let depth = 0; depth < literal.length; depth += 1 + node.label.length) {
    const code = literal.charCodeAt(depth);
    const child = node.child(code)!.owned(edit);
    node.setChild(code, child);
    way.push({ parent: node, code });
    node = child;
  }
  set(node, key, null);
  for (const { parent, code } of way.reverse()) {
    if (node.isEmpty) parent.dropChild(code);
    else {
      const merged = node.merged(edit);
      if (merged !== undefined) parent.setChild(code, merged);
      return ownRoot;
    }
    node = parent;
  }
  return ownRoot;
}

/** How many characters of `label` stand in `text` from `start` on. */
function commonLength(label: string, text: string, start: number): number {
  const limit = Math.min(label.length, text.length - start);
  let length = 0;
  while (length < limit && label.charCodeAt(length) === text.charCodeAt(start + length)) length++;
  return length;
}
