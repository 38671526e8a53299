import { findStreamUpstreamFault, type StreamTransport, streamTransportOf } from '@tollgate/contracts/rest/gateway';
import { canonicalRange } from './address-range.ts';
import { type StreamRouteRow, targetOf, upstreamOf } from './stream-route-state.ts';

/** Why a stream route cannot be served beside the others of its group. */
export interface StreamFault {
  /** The stream route. */
  id: string;
  /** `conflict`: another one takes the same connections; `unusable`: its upstream is none for streams. */
  reason: 'conflict' | 'unusable';
  /** The field of the stream route. */
  field: string;
  /** The field of the upstream that is wrong, where one is. */
  upstreamField: string | null;
  message: string;
}

/** What is wrong with the stream routes of a group; they must be all that it has, whatever their workspace. */
export function findStreamFaults(rows: readonly StreamRouteRow[]): StreamFault[] {
  return [...rows.flatMap((row) => findUnusable(row) ?? []), ...findConflicts(rows)];
}

function findUnusable(row: StreamRouteRow): StreamFault | null {
  const field = targetOf(row);
  const fault = { id: row.id, reason: 'unusable', field, upstreamField: null } as const;
  const upstream = upstreamOf(row);
  if (upstream === null) return { ...fault, message: 'It leads to no upstream.' };
  const found = findStreamUpstreamFault(upstream);
  if (found !== null) return { ...fault, upstreamField: found.field, message: found.message };
  if (row.value['sni'] === undefined || streamTransportOf(upstream) !== 'udp') return null;
  return { ...fault, upstreamField: 'scheme', message: 'UDP has no server names, and the stream route has an sni.' };
}

/** Each stream route that meets another one which is matched by the same, so that one of them would never be asked. */
function findConflicts(rows: readonly StreamRouteRow[]): StreamFault[] {
  const alike = new Map<string, StreamRouteRow[]>();
  for (const row of rows) {
    const match = matchOf(row);
    const same = alike.get(match);
    if (same === undefined) alike.set(match, [row]);
    else same.push(row);
  }
  return [...alike.values()].flatMap((same) =>
    same.flatMap((row) => {
      const other = same.find((candidate) => candidate !== row && meet(transportOf(candidate), transportOf(row)));
      return other === undefined ? [] : [conflictOf(row, other)];
    }),
  );
}

/** All that a stream route is matched by but the transport. */
function matchOf({ value }: StreamRouteRow): string {
  const range = (field: string) => (typeof value[field] === 'string' ? canonicalRange(value[field]) : null);
  const { sni = null, server_port: port = null } = value;
  return JSON.stringify([sni, port, range('server_addr'), range('remote_addr')]);
}

function transportOf(row: StreamRouteRow): StreamTransport | null {
  if (row.value['sni'] !== undefined) return 'tcp';
  const upstream = upstreamOf(row);
  return upstream === null ? null : streamTransportOf(upstream);
}

function meet(one: StreamTransport | null, other: StreamTransport | null): boolean {
  return one === null || other === null || one === other;
}

/** The fields that a stream route is matched by, the most telling first. */
const matchFields = ['sni', 'server_port', 'server_addr', 'remote_addr'];

function conflictOf({ id, value }: StreamRouteRow, other: StreamRouteRow): StreamFault {
  const field = matchFields.find((name) => value[name] !== undefined) ?? targetOf({ value });
  const message = `The stream route ${other.id} takes the same connections.`;
  return { id, reason: 'conflict', field, upstreamField: 'scheme', message };
}
