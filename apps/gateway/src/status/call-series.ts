import { Counter, Histogram, type MetricValueWithName, type Registry } from 'prom-client';
import { type CountedCalls, latencyBounds, type RouteCalls } from './call-tallies.ts';

/** All calls of one route. */
interface RouteSum {
  readonly labels: RouteCalls['labels'];
  readonly latency: number[];
  latencySumMs: number;
  /** By consumer: status, calls, status, calls … since the series were read last. */
  readonly unread: Map<string, number[]>;
}

/** The series `apisix_http_status` and `apisix_http_latency`, of all workers. They are put together when they are read. */
export class CallSeries {
  /** By group, then route label. */
  readonly #routes = new Map<string, Map<string, RouteSum>>();

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
        values: [...this.#all()].flatMap(seriesOf),
      }),
    });
  }

  /** Adds what a worker has counted. */
  add({ routes, consumers, counts }: CountedCalls): void {
    const sums = routes.map(({ labels, latency, latencySumMs }) => {
      const sum = this.#sumOf(labels);
      latency.forEach((count, bucket) => (sum.latency[bucket]! += count));
      sum.latencySumMs += latencySumMs;
      return sum;
    });
    consumers.forEach((consumer, row) => {
      const at = row * 3;
      addCalls(sums[counts[at]!]!.unread, { consumer, status: counts[at + 1]!, calls: counts[at + 2]! });
    });
  }

  #sumOf(labels: RouteCalls['labels']): RouteSum {
    let routes = this.#routes.get(labels.group);
    if (routes === undefined) {
      routes = new Map();
      this.#routes.set(labels.group, routes);
    }
    let sum = routes.get(labels.route);
    if (sum === undefined) {
      const latency = new Array<number>(latencyBounds.length + 1).fill(0);
      sum = { labels, latency, latencySumMs: 0, unread: new Map() };
      routes.set(labels.route, sum);
    }
    return sum;
  }

  *#all(): Iterable<RouteSum> {
    for (const routes of this.#routes.values()) yield* routes.values();
  }

  #moveCalls(counter: Counter): void {
    for (const { labels, unread } of this.#all()) {
      for (const [consumer, byStatus] of unread) {
        for (let index = 0; index < byStatus.length; index += 2) {
          if (byStatus[index + 1] === 0) continue;
          counter.inc({ ...labels, consumer, code: byStatus[index]! }, byStatus[index + 1]);
          byStatus[index + 1] = 0;
        }
      }
    }
  }
}

function addCalls(
  unread: Map<string, number[]>,
  { consumer, status, calls }: { readonly consumer: string; readonly status: number; readonly calls: number },
): void {
  const byStatus = unread.get(consumer);
  if (byStatus === undefined) {
    unread.set(consumer, [status, calls]);
    return;
  }
  for (let index = 0; index < byStatus.length; index += 2) {
    if (byStatus[index] === status) {
      byStatus[index + 1]! += calls;
      return;
    }
  }
  byStatus.push(status, calls);
}

function seriesOf({ labels, latency, latencySumMs }: RouteSum): MetricValueWithName<string>[] {
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
