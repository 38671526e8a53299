/** A change in progress: nodes that it has made itself it may change in place, all others it copies first. */
export type Edit = object;

/** Where a value is filed: at the end of `literal`, or for everything that starts with it. */
export interface RadixKey {
  readonly literal: string;
  readonly isExact: boolean;
}

/** Made from one that has held objects: engines tell lists apart by what they have held, and read the same sort fastest. */
const noChildren: readonly undefined[] = [undefined].slice(1);

/**
 * A node of a radix tree over characters. Old roots stay valid: a change copies the nodes on its way and shares the rest.
 * A node finds its children by position, so a step costs the same however many there are.
 */
export class RadixNode<V> {
  /** What is filed exactly here. */
  exact: V | null = null;
  /** What is filed for everything that leads through here. */
  through: V | null = null;
  /** What stands between the character that leads here and this node. */
  label: string;
  readonly #edit: Edit;
  /** The character code of the first child; the others follow at their distance from it. */
  #firstCode = 0;
  /** Never changed in place: copies of a node share it, and all nodes without children, which most are, have the same. */
  #children: readonly (RadixNode<V> | undefined)[] = noChildren;

  constructor(edit: Edit, label: string) {
    this.#edit = edit;
    this.label = label;
  }

  get isEmpty(): boolean {
    return this.exact === null && this.through === null && this.#children.length === 0;
  }

  get hasChildren(): boolean {
    return this.#children.length > 0;
  }

  /** The child that a character leads to; its label is still to be compared. */
  child(code: number): RadixNode<V> | undefined {
    const index = code - this.#firstCode;
    return index >= 0 && index < this.#children.length ? this.#children[index] : undefined;
  }

  /** This node, or a copy that the edit may change. */
  owned(edit: Edit): RadixNode<V> {
    if (this.#edit === edit) return this;
    const copy = new RadixNode<V>(edit, this.label);
    copy.exact = this.exact;
    copy.through = this.through;
    copy.#firstCode = this.#firstCode;
    copy.#children = this.#children;
    return copy;
  }

  setChild(code: number, child: RadixNode<V>): void {
    const before = this.#children;
    if (before.length === 0) this.#firstCode = code;
    const children: (RadixNode<V> | undefined)[] = before.slice();
    while (code < this.#firstCode) {
      children.unshift(undefined);
      this.#firstCode--;
    }
    while (children.length <= code - this.#firstCode) children.push(undefined);
    children[code - this.#firstCode] = child;
    // A list that has grown has room for more, which is rarely needed; there may be as many lists as routes.
    this.#children = children.length === before.length ? children : children.slice();
  }

  dropChild(code: number): void {
    const children: (RadixNode<V> | undefined)[] = this.#children.slice();
    children[code - this.#firstCode] = undefined;
    while (children.length > 0 && children.at(-1) === undefined) children.pop();
    const first = children.findIndex((child) => child !== undefined);
    this.#children = children.length === 0 ? noChildren : children.slice(Math.max(0, first));
    this.#firstCode += Math.max(0, first);
  }

  /** What stands for this node when nothing is filed here and only one child is left: that child, reached in one step. */
  merged(edit: Edit): RadixNode<V> | undefined {
    // The first of the children is always there, and so is the last: one child has no others beside it.
    const [only] = this.#children;
    if (this.exact !== null || this.through !== null || this.#children.length !== 1 || only === undefined) {
      return undefined;
    }
    const merged = only.owned(edit);
    merged.label = this.label + String.fromCharCode(this.#firstCode) + only.label;
    return merged;
  }

  /** A node at `length` characters of the label, with this one, which the edit may change, below it. */
  split(edit: Edit, length: number): RadixNode<V> {
    const upper = new RadixNode<V>(edit, this.label.slice(0, length));
    upper.setChild(this.label.charCodeAt(length), this);
    this.label = this.label.slice(length + 1);
    return upper;
  }
}
