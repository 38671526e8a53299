import type { ObservedCall } from '@tollgate/engine';

/** Upper bounds of the latency histogram, milliseconds. */
export const latencyBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** The calls of one route under one label. */
export interface CallTally {
  readonly labels: { readonly route: string; readonly service: string; readonly group: string };
  /** By consumer and status. */
  readonly calls: Map<string, Map<number, number>>;
  /** By the first bound that is not below their latency; the last entry is for those above all bounds. */
  readonly latency: number[];
  latencySumMs: number;
}

/** Adds calls up. A call costs a few look-ups and additions, and makes nothing. */
export class CallTallies {
  /** By group, then route label. */
  #tallies = new Map<string, Map<string, CallTally>>();

  count({ groupId, route, caller, outcome, preferName }: ObservedCall): void {
    const tally = this.#tallyOf(groupId, (preferName ? route?.name : null) ?? route?.id ?? '', route?.serviceId ?? '');
    addCalls(tally, caller?.consumerId ?? '', outcome.status, 1);
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
        for (const [status, count] of byStatus) addCalls(tally, consumer, status, count);
      }
      latency.forEach((count, bucket) => (tally.latency[bucket]! += count));
      tally.latencySumMs += latencySumMs;
    }
  }

  /** Everything counted since the last time; counting starts anew. */
  take(): CallTally[] {
    const taken = this.all();
    this.#tallies = new Map();
    return taken;
  }

  all(): CallTally[] {
    return [...this.#tallies.values()].flatMap((routes) => [...routes.values()]);
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

function addCalls({ calls }: CallTally, consumer: string, status: number, count: number): void {
  let byStatus = calls.get(consumer);
  if (byStatus === undefined) {
    byStatus = new Map();
    calls.set(consumer, byStatus);
  }
  byStatus.set(status, (byStatus.get(status) ?? 0) + count);
}
