import type { Node } from '../balancing/node.ts';

/** A connection that can wait for its next call. */
export interface IdleConnection {
  readonly node: Node;
  destroy(): void;
}

/** The connections of one upstream that wait for a call, per node; the one used last is used next, so that surplus ones grow old. */
export class IdleConnections<C extends IdleConnection> {
  readonly idleTimeoutMs: number;
  readonly #byNode = new Map<Node, C[]>();
  #maxPerNode: number;

  constructor({ maxPerNode, idleTimeoutMs }: { maxPerNode: number; idleTimeoutMs: number }) {
    this.#maxPerNode = maxPerNode;
    this.idleTimeoutMs = idleTimeoutMs;
  }

  take(node: Node): C | undefined {
    return this.#byNode.get(node)?.pop();
  }

  /** False when the connection cannot be kept and is its owner's to close. */
  keep(connection: C): boolean {
    let waiting = this.#byNode.get(connection.node);
    if (waiting === undefined) {
      if (this.#maxPerNode === 0) return false;
      waiting = [];
      this.#byNode.set(connection.node, waiting);
    }
    if (waiting.length >= this.#maxPerNode) return false;
    waiting.push(connection);
    return true;
  }

  /** The connection has ended while it waited. */
  drop(connection: C): void {
    const waiting = this.#byNode.get(connection.node);
    const index = waiting?.lastIndexOf(connection) ?? -1;
    if (index >= 0) waiting?.splice(index, 1);
  }

  /** The node is gone: closes those that wait for it. */
  forget(node: Node): void {
    const waiting = this.#byNode.get(node);
    this.#byNode.delete(node);
    for (const connection of waiting?.splice(0) ?? []) connection.destroy();
  }

  /** Closes all that wait now, and keeps none from now on. */
  retire(): void {
    this.#maxPerNode = 0;
    for (const waiting of this.#byNode.values()) for (const connection of waiting.splice(0)) connection.destroy();
    this.#byNode.clear();
  }
}
