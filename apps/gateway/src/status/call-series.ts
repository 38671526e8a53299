import type { ObservedCall } from '@tollgate/engine';
import { Counter, Histogram, type MetricValueWithName, type Registry } from 'prom-client';

/** Upper bounds of the latency histogram, milliseconds. */
const latencyBounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

/** The calls of one route under one label. */
interface RouteTally {
  readonly labels: { readonly route: string; readonly service: string; readonly group: string };
  /** Calls that the counter does not know yet, by consumer and status. */
  readonly calls: Map<string, Map<number, number>>;
  /** Calls by the first bound that is not below their latency; the last entry is for those above all bounds. */
  readonly latency: number[];
  latencySumMs: number;
}

/**
 * The series `apisix_http_status` and `apisix_http_latency`. A call costs a few look-ups and additions; labels are put together when the
 * series are read, not when a call ends.
 */
export class CallSeries {
  /** By group, then route label. */
  readonly #tallies = new Map<string, Map<string, RouteTally>>();

  constructor(registry: Registry) {
    const registers = [registry];
    const moveCalls = (counter: Counter) => this.#moveCalls(counter);
    new Counter({
      name: 'apisix_http_status',
      help: 'Calls by status, route, service, consumer and gateway group.',
      labelNames: ['code', 'route', 'service', 'consumer', 'group'],
      registers,
      collect() {
        moveCalls(this);
      },
    });
    const latency = new Histogram({
      name: 'apisix_http_latency',
      help: 'Latency of calls in milliseconds.',
      labelNames: ['route', 'service', 'group'],
      buckets: latencyBounds,
      registers,
    });
    // What both ways of reading a histogram call: its values are kept here, and put together then.
    Object.assign(latency, {
      getForPromString: async () => ({
        name: 'apisix_http_latency',
        help: 'Latency of calls in milliseconds.',
        type: 'histogram',
        aggregator: 'sum',
        values: this.#all().flatMap(seriesOf),
      }),
    });
  }

  count({ groupId, route, caller, outcome, preferName }: ObservedCall): void {
    const tally = this.#tallyOf(groupId, (preferName ? route?.name : null) ?? route?.id ?? '', route?.serviceId ?? '');
    const consumer = caller?.consumerId ?? '';
    let byStatus = tally.calls.get(consumer);
    if (byStatus === undefined) {
      byStatus = new Map();
      tally.calls.set(consumer, byStatus);
    }
    byStatus.set(outcome.status, (byStatus.get(outcome.status) ?? 0) + 1);
    const latencyMs = outcome.latencyUs / 1000;
    let bucket = 0;
    while (bucket < latencyBounds.length && latencyMs > latencyBounds[bucket]!) bucket++;
    tally.latency[bucket]!++;
    tally.latencySumMs += latencyMs;
  }

  #tallyOf(group: string, route: string, service: string): RouteTally {
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

  #moveCalls(counter: Counter): void {
    for (const { labels, calls } of this.#all()) {
      for (const [consumer, byStatus] of calls) {
        for (const [code, count] of byStatus) counter.inc({ ...labels, consumer, code }, count);
      }
      calls.clear();
    }
  }

  #all(): RouteTally[] {
    return [...this.#tallies.values()].flatMap((routes) => [...routes.values()]);
  }
}

function seriesOf({ labels, latency, latencySumMs }: RouteTally): MetricValueWithName<string>[] {
  let count = 0;
  const buckets = latency.map((calls, index) => {
    count += calls;
    const le = latencyBounds[index] ?? '+Inf';
    return { metricName: 'apisix_http_latency_bucket', labels: { ...labels, le }, value: count };
  });
  return [
    ...buckets,
    { metricName: 'apisix_http_latency_sum', labels, value: latencySumMs },
    { metricName: 'apisix_http_latency_count', labels, value: count },
  ];
}
