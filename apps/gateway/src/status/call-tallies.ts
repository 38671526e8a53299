import { LaneSlot, type ObservedCall, type Outcome } from '@tollgate/engine';

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

/** Lanes whose tallies are known at a time. */
const mostLaneTallies = 65_536;

/** Where the calls of one lane are added up until the next {@link CallTallies.take}. */
interface LaneTally {
  readonly period: object;
  readonly prefersName: boolean;
  readonly tally: CallTally;
  /** Of the lane's consumer. */
  readonly calls: number[];
  /** Calls with this status that are not in `calls` yet: mostly they have the same as the one before. */
  status: number;
  count: number;
}

/** Adds calls up. A call costs a few additions, and makes nothing. */
export class CallTallies {
  readonly #lanes = new LaneSlot<LaneTally>();
  /** What lanes know of another period is not used. */
  #period = {};
  /** Those of the period. */
  #laneTallies: LaneTally[] = [];
  /** By group, then route label. */
  #tallies = new Map<string, Map<string, CallTally>>();

  count(call: ObservedCall, outcome: Outcome, prefersName: boolean): void {
    const known = this.#lanes.of(call.lane);
    const isCurrent = known?.period === this.#period && known.prefersName === prefersName;
    const own = isCurrent ? known : this.#makeLaneTally(call, prefersName);
    const { tally } = own;
    if (own.status !== outcome.status) {
      settle(own);
      own.status = outcome.status;
    }
    own.count++;
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
    this.#forgetLanes();
    const taken = this.all();
    this.#tallies = new Map();
    return taken;
  }

  all(): CallTally[] {
    for (const own of this.#laneTallies) settle(own);
    return [...this.#tallies.values()].flatMap((routes) => [...routes.values()]);
  }

  /** Lanes look their tallies up anew from now on. */
  #forgetLanes(): void {
    for (const own of this.#laneTallies) settle(own);
    this.#laneTallies = [];
    this.#period = {};
  }

  #makeLaneTally({ groupId, route, caller, lane }: ObservedCall, prefersName: boolean): LaneTally {
    if (this.#laneTallies.length === mostLaneTallies) this.#forgetLanes();
    const name = (prefersName ? route?.name : null) ?? route?.id ?? '';
    const tally = this.#tallyOf(groupId, name, route?.serviceId ?? '');
    const calls = callsOf(tally, caller?.consumerId ?? '');
    const made = { period: this.#period, prefersName, tally, calls, status: 0, count: 0 };
    this.#laneTallies.push(made);
    return this.#lanes.keep(lane, made);
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

/** Moves what a lane has counted to where it can be read. */
function settle(own: LaneTally): void {
  if (own.count > 0) addCalls(own.calls, own.status, own.count);
  own.count = 0;
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
