import { LaneSlot, type ObservedCall, type Outcome } from '@tollgate/engine';

/** Upper bounds of the latency histogram, milliseconds. */
export const latencyBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** Calls of one route, as they are handed over. */
export interface RouteCalls {
  readonly labels: { readonly route: string; readonly service: string; readonly group: string };
  /** By the first bound that is not below their latency; the last entry is for those above all bounds. */
  readonly latency: readonly number[];
  readonly latencySumMs: number;
}

/** Calls that were counted, as they are handed over: in a few long lists, which cost less to copy and to read than many small objects. */
export interface CountedCalls {
  readonly routes: readonly RouteCalls[];
  /** For each row of `counts` the consumer; empty: none. */
  readonly consumers: readonly string[];
  /** Rows of three: index in `routes`, status, calls. */
  readonly counts: readonly number[];
}

/** More of them are told apart anew: those of callers that no longer come would stay for ever. */
const mostCallers = 65_536;

/** Those of one route that have not been handed over. */
class RouteTally {
  readonly callers = new Map<string, CallerTally>();
  readonly latency = new Array<number>(latencyBounds.length + 1).fill(0);
  latencySumMs = 0;

  constructor(readonly labels: RouteCalls['labels']) {}

  take(): RouteCalls {
    const taken = { labels: this.labels, latency: [...this.latency], latencySumMs: this.latencySumMs };
    this.latency.fill(0);
    this.latencySumMs = 0;
    return taken;
  }
}

/** Those of one caller on one route that have not been handed over. */
class CallerTally {
  /** Whether it is among those to be handed over. */
  isWaiting = false;
  calls = 0;
  /** Status, calls, status, calls … of those with another status than the first. */
  readonly others: number[] = [];

  constructor(
    readonly route: RouteTally,
    readonly consumer: string,
    /** That of its first call, which most calls have. */
    readonly status: number,
    readonly generation: number,
  ) {}

  add(status: number): void {
    if (status === this.status) this.calls++;
    else this.#addOther(status);
  }

  #addOther(status: number): void {
    const { others } = this;
    for (let index = 0; index < others.length; index += 2) {
      if (others[index] === status) {
        others[index + 1]!++;
        return;
      }
    }
    others.push(status, 1);
  }
}

/** Adds calls up at a worker, and hands them over in parts. A call costs a few additions, and makes nothing. */
export class CallTallies {
  readonly #byId = new LaneSlot<CallerTally>();
  readonly #byName = new LaneSlot<CallerTally>();
  /** By group, then route label. */
  #routes = new Map<string, Map<string, RouteTally>>();
  #callers = 0;
  /** What lanes know of an older one is not used. */
  #generation = 0;
  /** Those with calls, the one that waits longest first. */
  #waiting: CallerTally[] = [];

  count(call: ObservedCall, outcome: Outcome, prefersName: boolean): void {
    const known = (prefersName ? this.#byName : this.#byId).of(call.lane);
    const own = known?.generation === this.#generation ? known : this.#find(call, outcome.status, prefersName);
    if (!own.isWaiting) {
      own.isWaiting = true;
      this.#waiting.push(own);
    }
    own.add(outcome.status);
    const { route } = own;
    const latencyMs = outcome.latencyUs / 1000;
    let bucket = 0;
    while (bucket < latencyBounds.length && latencyMs > latencyBounds[bucket]!) bucket++;
    route.latency[bucket]!++;
    route.latencySumMs += latencyMs;
  }

  /** How many callers on routes have calls that were not handed over. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Hands over the calls of those that wait longest. @param most callers on routes at a time. */
  take(most: number): CountedCalls {
    const consumers: string[] = [];
    const counts: number[] = [];
    const places = new Map<RouteTally, number>();
    for (const own of this.#waiting.splice(0, most)) {
      let place = places.get(own.route);
      if (place === undefined) {
        place = places.size;
        places.set(own.route, place);
      }
      const { others } = own;
      if (own.calls > 0) {
        consumers.push(own.consumer);
        counts.push(place, own.status, own.calls);
      }
      for (let index = 0; index < others.length; index += 2) {
        if (others[index + 1] === 0) continue;
        consumers.push(own.consumer);
        counts.push(place, others[index]!, others[index + 1]!);
        others[index + 1] = 0;
      }
      own.calls = 0;
      own.isWaiting = false;
    }
    return { routes: [...places.keys()].map((route) => route.take()), consumers, counts };
  }

  #find({ groupId, route, caller, lane }: ObservedCall, status: number, prefersName: boolean): CallerTally {
    if (this.#callers === mostCallers) this.#startAnew();
    const name = (prefersName ? route?.name : null) ?? route?.id ?? '';
    const tally = this.#routeOf({ route: name, service: route?.serviceId ?? '', group: groupId });
    const consumer = caller?.consumerId ?? '';
    let own = tally.callers.get(consumer);
    if (own === undefined) {
      own = new CallerTally(tally, consumer, status, this.#generation);
      tally.callers.set(consumer, own);
      this.#callers++;
    }
    return (prefersName ? this.#byName : this.#byId).keep(lane, own);
  }

  #routeOf(labels: RouteCalls['labels']): RouteTally {
    let routes = this.#routes.get(labels.group);
    if (routes === undefined) {
      routes = new Map();
      this.#routes.set(labels.group, routes);
    }
    let tally = routes.get(labels.route);
    if (tally === undefined) {
      tally = new RouteTally(labels);
      routes.set(labels.route, tally);
    }
    return tally;
  }

  /** Those that wait are still handed over. */
  #startAnew(): void {
    this.#routes = new Map();
    this.#callers = 0;
    this.#generation++;
  }
}
