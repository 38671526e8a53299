import { readWithNode } from '../../http/node-requests.ts';
import type { RawUpstream, SeenConnection } from '../../http/raw-upstream.ts';
import { areSame } from './invariants.ts';
import { addressOf } from './observe.ts';

/** What the connections behind the gateway show as a whole. */
export interface StreamAudit {
  /** Connections whose bytes the strict reference refuses, or that Node's parser reads as other requests. */
  readonly disagreements: number;
  /** Requests that carry no address of a case: they came out of something else than a request. */
  readonly unattributed: number;
}

/** Reads every byte that the gateway sent to its upstream with both parsers. */
export async function auditStreams(upstream: RawUpstream): Promise<StreamAudit> {
  let disagreements = 0;
  for (const connection of upstream.connections) if (!(await isReadAlike(connection))) disagreements += 1;
  const unattributed = upstream.requests.filter((request) => !/^127\.\d+\.\d+\.\d+$/.test(addressOf(request))).length;
  return { disagreements, unattributed };
}

async function isReadAlike({ fault, requests, received }: SeenConnection): Promise<boolean> {
  return fault() === null && areSame(requests, await readWithNode(received()));
}
