/** A change in progress: nodes that it has made itself it may change in place, all others it copies first. */
export type Edit = object;

interface Node<T> {
  readonly edit: Edit;
  /** Literal characters from the parent to here. */
  prefix: string;
  readonly children: Map<number, Node<T>>;
  /** What ends exactly here. */
  exact: readonly T[];
  /** What takes any path that leads through here, subject to its own remainder. */
  through: readonly T[];
}

/** Takes an entry by returning something; `remainder` is what follows the entry's literal in the path. */
export type Accept<T, F, R> = (entry: T, remainder: string, facts: F) => R | undefined;

/** How an entry is filed: at the end of `literal`, or for everything that starts with it. */
export interface PathKey {
  readonly literal: string;
  readonly isExact: boolean;
}

/**
 * A radix tree over path characters whose old versions stay valid: an insertion or removal copies the nodes on its path
 * and shares the rest. Finding costs the length of the path, however many entries there are.
 */
export class PathTree<T> {
  readonly #root: Node<T>;
  readonly #compare: (a: T, b: T) => number;

  private constructor(root: Node<T>, compare: (a: T, b: T) => number) {
    this.#root = root;
    this.#compare = compare;
  }

  /** `compare` orders entries of the same key, best first. */
  static empty<T>(compare: (a: T, b: T) => number): PathTree<T> {
    return new PathTree(newNode<T>({}, ''), compare);
  }

  get isEmpty(): boolean {
    return this.#root.children.size === 0 && this.#root.exact.length === 0 && this.#root.through.length === 0;
  }

  insert(edit: Edit, { literal, isExact }: PathKey, entry: T): PathTree<T> {
    const root = owned(this.#root, edit);
    const node = descendOrGrow(root, literal, edit);
    if (isExact) node.exact = [...node.exact, entry].sort(this.#compare);
    else node.through = [...node.through, entry].sort(this.#compare);
    return new PathTree(root, this.#compare);
  }

  /** Removes the entry that is identical to `entry`; unknown ones are ignored. */
  remove(edit: Edit, { literal, isExact }: PathKey, entry: T): PathTree<T> {
    const root = owned(this.#root, edit);
    removeBelow(root, literal, edit, (node) => {
      if (isExact) node.exact = node.exact.filter((candidate) => candidate !== entry);
      else node.through = node.through.filter((candidate) => candidate !== entry);
    });
    return new PathTree(root, this.#compare);
  }

  /** The entries filed under exactly this key. */
  entriesAt({ literal, isExact }: PathKey): readonly T[] {
    let node: Node<T> | undefined = this.#root;
    let rest = literal;
    while (node !== undefined && rest.length > 0) {
      const child: Node<T> | undefined = node.children.get(rest.charCodeAt(0));
      node = child !== undefined && rest.startsWith(child.prefix) ? child : undefined;
      rest = rest.slice(child?.prefix.length ?? 0);
    }
    return (isExact ? node?.exact : node?.through) ?? [];
  }

  /**
   * Offers entries best first: exact ones, then those of the longest literal down to the shortest. `accept` gets the
   * remainder of the path after the entry's literal, and ends the search by returning something.
   */
  find<F, R>(path: string, accept: Accept<T, F, R>, facts: F): R | undefined {
    const passed: Node<T>[] = [];
    const depths: number[] = [];
    let node: Node<T> | undefined = this.#root;
    let depth = 0;
    while (node !== undefined) {
      if (node.through.length > 0) {
        passed.push(node);
        depths.push(depth);
      }
      if (depth === path.length) {
        const found = firstAccepted(node.exact, '', { accept, facts });
        if (found !== undefined) return found;
        break;
      }
      const child: Node<T> | undefined = node.children.get(path.charCodeAt(depth));
      if (child === undefined || !path.startsWith(child.prefix, depth)) break;
      node = child;
      depth += child.prefix.length;
    }
    for (let index = passed.length - 1; index >= 0; index--) {
      const found = firstAccepted(passed[index]!.through, path.slice(depths[index]), { accept, facts });
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function firstAccepted<T, F, R>(
  entries: readonly T[],
  remainder: string,
  { accept, facts }: { accept: Accept<T, F, R>; facts: F },
): R | undefined {
  for (const entry of entries) {
    const accepted = accept(entry, remainder, facts);
    if (accepted !== undefined) return accepted;
  }
  return undefined;
}

function newNode<T>(edit: Edit, prefix: string): Node<T> {
  return { edit, prefix, children: new Map(), exact: [], through: [] };
}

function owned<T>(node: Node<T>, edit: Edit): Node<T> {
  return node.edit === edit ? node : { ...node, edit, children: new Map(node.children) };
}

/** The node at the end of `literal`, made where it is missing. */
function descendOrGrow<T>(root: Node<T>, literal: string, edit: Edit): Node<T> {
  let node = root;
  let rest = literal;
  while (rest.length > 0) {
    const code = rest.charCodeAt(0);
    const existing = node.children.get(code);
    if (existing === undefined) {
      const leaf = newNode<T>(edit, rest);
      node.children.set(code, leaf);
      return leaf;
    }
    const shared = commonLength(existing.prefix, rest);
    const child = shared < existing.prefix.length ? split(existing, shared, edit) : owned(existing, edit);
    node.children.set(code, child);
    node = child;
    rest = rest.slice(shared);
  }
  return node;
}

function split<T>(node: Node<T>, at: number, edit: Edit): Node<T> {
  const upper = newNode<T>(edit, node.prefix.slice(0, at));
  const lower = owned(node, edit);
  lower.prefix = node.prefix.slice(at);
  upper.children.set(lower.prefix.charCodeAt(0), lower);
  return upper;
}

/** Changes the node at `literal`, then drops or merges the nodes that are no longer needed. `node` is owned by the edit. */
function removeBelow<T>(node: Node<T>, literal: string, edit: Edit, change: (node: Node<T>) => void): void {
  if (literal.length === 0) {
    change(node);
    return;
  }
  const code = literal.charCodeAt(0);
  const existing = node.children.get(code);
  if (existing === undefined || !literal.startsWith(existing.prefix)) return;
  const child = owned(existing, edit);
  removeBelow(child, literal.slice(child.prefix.length), edit, change);
  if (child.exact.length > 0 || child.through.length > 0 || child.children.size > 1) {
    node.children.set(code, child);
    return;
  }
  const [only] = child.children.values();
  if (only === undefined) {
    node.children.delete(code);
    return;
  }
  const merged = owned(only, edit);
  merged.prefix = child.prefix + only.prefix;
  node.children.set(code, merged);
}

function commonLength(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length;
}
