import { valueAt, withReplaced } from './radix-change.ts';
import { type RadixKey, RadixNode } from './radix-node.ts';

const dot = 0x2e;

/**
 * Values by host name: exact names before wildcards, longer wildcards before shorter ones. Immutable; a change costs the
 * length of the names that it is about, however many others there are.
 */
export class HostMap<T> {
  /** Over the characters of a host from its end, so that a wildcard is a beginning. */
  readonly #root: RadixNode<T>;
  /** Whether only `*` stands for anything: then no host needs to be read. */
  readonly #isPlain: boolean;

  private constructor(root: RadixNode<T>) {
    this.#root = root;
    this.#isPlain = !root.hasChildren;
  }

  static empty<T>(): HostMap<T> {
    return new HostMap<T>(new RadixNode<T>({}, ''));
  }

  /** A map with these patterns changed; `undefined` removes one. Patterns are lower-case, `*.example.com` or `*`. */
  with(changes: ReadonlyMap<string, T | undefined>): HostMap<T> {
    const edit = {};
    let root = this.#root;
    for (const [pattern, value] of changes) {
      root = withReplaced(root, { key: keyOf(pattern), edit, replace: () => value ?? null });
    }
    return root === this.#root ? this : new HostMap(root);
  }

  /** What a pattern itself stands for. */
  get(pattern: string): T | undefined {
    return valueAt(this.#root, keyOf(pattern)) ?? undefined;
  }

  /** The values whose pattern takes the host, best first, until `accept`, which is given `context`, returns something. */
  find<R>(host: string, accept: (value: T) => R | undefined): R | undefined;
  find<R, C>(host: string, accept: (value: T, context: C) => R | undefined, context: C): R | undefined;
  find<R, C>(host: string, accept: (value: T, context?: C) => R | undefined, context?: C): R | undefined {
    const found = this.#isPlain ? undefined : this.#findNamed(host, accept, context);
    const { through } = this.#root;
    return found === undefined && through !== null ? accept(through, context) : found;
  }

  /** Names and wildcards below names. Each turn offers a wildcard shorter than the last: few are ever refused. */
  #findNamed<R, C>(host: string, accept: (value: T, context?: C) => R | undefined, context?: C): R | undefined {
    const { length } = host;
    let below = length + 1;
    for (;;) {
      let node = this.#root;
      let wildcard: T | null = null;
      let wildcardDepth = 0;
      for (let depth = 0; ;) {
        if (depth > 0 && depth < below && node.through !== null && host.charCodeAt(length - depth) === dot) {
          wildcard = node.through;
          wildcardDepth = depth;
        }
        if (depth === length) {
          const found = below <= length || node.exact === null ? undefined : accept(node.exact, context);
          if (found !== undefined) return found;
          break;
        }
        const child = node.child(host.charCodeAt(length - depth - 1));
        if (child === undefined || !endsBefore(host, length - depth - 1, child.label)) break;
        node = child;
        depth += 1 + child.label.length;
      }
      const found = wildcard === null ? undefined : accept(wildcard, context);
      if (found !== undefined || wildcard === null) return found;
      below = wildcardDepth;
    }
  }
}

/** Whether the characters of `host` before `end`, read backwards, begin with `label`. */
function endsBefore(host: string, end: number, label: string): boolean {
  if (label.length > end) return false;
  for (let index = 0; index < label.length; index++) {
    if (host.charCodeAt(end - 1 - index) !== label.charCodeAt(index)) return false;
  }
  return true;
}

/** Reversed, without `*`. */
function keyOf(pattern: string): RadixKey {
  const isExact = !pattern.startsWith('*');
  return { literal: reversed(isExact ? pattern : pattern.slice(1)), isExact };
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}
