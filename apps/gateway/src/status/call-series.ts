import { Counter, Histogram, type MetricValueWithName, type Registry } from 'prom-client';
import { CallTallies, type CallTally, forEachStatus, latencyBounds } from './call-tallies.ts';

/** The series `apisix_http_status` and `apisix_http_latency`, of all workers. They are put together when they are read. */
export class CallSeries {
  readonly #tallies = new CallTallies();

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
        values: this.#tallies.all().flatMap(seriesOf),
      }),
    });
  }

  /** Adds what a worker has counted. */
  add(tallies: readonly CallTally[]): void {
    this.#tallies.add(tallies);
  }

  #moveCalls(counter: Counter): void {
    for (const { labels, calls } of this.#tallies.all()) {
      for (const [consumer, byStatus] of calls) {
        forEachStatus(byStatus, (code, count) => counter.inc({ ...labels, consumer, code }, count));
      }
      calls.clear();
    }
  }
}

function seriesOf({ labels, latency, latencySumMs }: CallTally): MetricValueWithName<string>[] {
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
