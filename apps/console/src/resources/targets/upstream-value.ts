import { isObject } from '@tollgate/ui/values';
import type { ResourceValue } from '../resource.ts';

/** One server of an upstream as the table edits it. */
export interface NodeRow {
  readonly host: string;
  readonly port?: number;
  readonly weight: number;
  readonly [others: string]: unknown;
}

const addressPattern = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/;

/** `host`, `host:port`, `[v6]` or `[v6]:port`. */
export function nodeOf(address: string, weight: number): NodeRow {
  const [, host = address, port] = addressPattern.exec(address) ?? [];
  return { host, weight, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** The nodes of an upstream, whichever of the two forms it has them in. */
export function nodesOf(value: ResourceValue): NodeRow[] {
  const { nodes } = value;
  if (Array.isArray(nodes)) return nodes.filter(isObject) as unknown as NodeRow[];
  if (!isObject(nodes)) return [];
  return Object.entries(nodes).map(([address, weight]) => nodeOf(address, Number(weight)));
}

/** `host:port` as people read it. */
export function addressOf({ host, port }: NodeRow): string {
  return port === undefined ? host : `${host}:${port}`;
}

/** Share of the calls that a node gets, of its weight among all; 0 when none has any. */
export function shareOf(node: NodeRow, nodes: readonly NodeRow[]): number {
  const total = nodes.reduce((sum, { weight }) => sum + (Number.isFinite(weight) ? weight : 0), 0);
  return total === 0 ? 0 : node.weight / total;
}
