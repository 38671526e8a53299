import { LaneSlot, type ObservedCall } from '@tollgate/engine';

/** Upper bounds of the latency histogram, milliseconds. */
export const latencyBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** The calls of one route under one label. */
export interface CallTally {
  readonly labels: { readonly route: string; readonly service: string; readonly group: string };
  /** By consumer: status, calls, status, calls … */
  readonly calls: Map<string, number[]>;
  /** By the first bound that is not below their latency; the last entry is for those above all bounds. */
  readonly latency: number[];
  latencySumMs: number;
}

/** Where the calls of one lane are added up until the next {@link CallTallies.take}. */
interface LaneTally {
  readonly period: object;
  readonly preferName: boolean;
  readonly tally: CallTally;
  /** Of the lane's consumer. */
  readonly calls: number[];
}

/** Adds calls up. A call costs a few additions, and makes nothing. */
export class CallTallies {
  readonly #lanes = new LaneSlot<LaneTally>();
  /** Changes with every {@link take}. */
  #period = {};
  /** By group, then route label. */
  #tallies = new Map<string, Map<string, CallTally>>();

  count(call: ObservedCall): void {
    const { lane, outcome } = call;
    const known = this.#lanes.of(lane);
    const isCurrent = known?.period === this.#period && known.preferName === call.preferName;
    const { tally, calls } = isCurrent ? known : this.#lanes.keep(lane, this.#laneTallyOf(call));
    addCalls(calls, outcome.status, 1);
    const latencyMs = outcome.latencyUs / 1000;
    let bucket = 0;
    while (bucket < latencyBounds.length && latencyMs > latencyBounds[bucket]!) bucket++;
    tally.latency[bucket]!++;
    tally.latencySumMs += latencyMs;
  }

  /** Adds what was counted elsewhere. */
  add(tallies: readonly CallTally[]): void {
    for (const { labels, calls, latency, latencySumMs } of tallies) {
      const tally = this.#tallyOf(labels.group, labels.route, labels.service);
      for (const [consumer, byStatus] of calls) {
        const own = callsOf(tally, consumer);
        forEachStatus(byStatus, (status, count) => addCalls(own, status, count));
      }
      latency.forEach((count, bucket) => (tally.latency[bucket]! += count));
      tally.latencySumMs += latencySumMs;
    }
  }

  /** Everything counted since the last time; counting starts anew. */
  take(): CallTally[] {
    const taken = this.all();
    this.#tallies = new Map();
    this.#period = {};
    return taken;
  }

  all(): CallTally[] {
    return [...this.#tallies.values()].flatMap((routes) => [...routes.values()]);
  }

  #laneTallyOf({ groupId, route, caller, preferName }: ObservedCall): LaneTally {
    const name = (preferName ? route?.name : null) ?? route?.id ?? '';
    const tally = this.#tallyOf(groupId, name, route?.serviceId ?? '');
    return { period: this.#period, preferName, tally, calls: callsOf(tally, caller?.consumerId ?? '') };
  }

  #tallyOf(group: string, route: string, service: string): CallTally {
    let routes = this.#tallies.get(group);
    if (routes === undefined) {
      routes = new Map();
      this.#tallies.set(group, routes);
    }
    let tally = routes.get(route);
    if (tally === undefined) {
      tally = {
        labels: { route, service, group },
        calls: new Map(),
        latency: new Array<number>(latencyBounds.length + 1).fill(0),
        latencySumMs: 0,
      };
      routes.set(route, tally);
    }
    return tally;
  }
}

function callsOf({ calls }: CallTally, consumer: string): number[] {
  let own = calls.get(consumer);
  if (own === undefined) {
    own = [];
    calls.set(consumer, own);
  }
  return own;
}

function addCalls(calls: number[], status: number, count: number): void {
  for (let index = 0; index < calls.length; index += 2) {
    if (calls[index] === status) {
      calls[index + 1]! += count;
      return;
    }
  }
  calls.push(status, count);
}

/** Tells what {@link CallTally.calls} holds for one consumer. */
export function forEachStatus(calls: readonly number[], visit: (status: number, count: number) => void): void {
  for (let index = 0; index < calls.length; index += 2) visit(calls[index]!, calls[index + 1]!);
}
