import { Lane, type ObservedCall, type Outcome } from '@tollgate/engine';
import { describe, expect, it } from 'vitest';
import { CallMetrics } from './call-metrics.ts';
import { CallTallies } from './call-tallies.ts';

interface Counted {
  readonly call: ObservedCall;
  readonly outcome: Outcome;
}

function call(status: number, latencyUs: number, consumerId: string | null = null): Counted {
  const call = {
    groupId: 'g',
    route: { id: 'r', name: 'books', serviceId: 's' },
    caller: consumerId === null ? null : { consumerId, consumerGroupId: null, credentialId: null, labels: {} },
    lane: new Lane({ groupId: 'g', tenantId: 't', routeId: 'r', consumer: consumerId }),
    host: 'api.test',
  };
  const outcome = { status, billable: true, bytesIn: 0, bytesOut: 0, latencyUs, upstreamLatencyUs: 0, node: null };
  return { call, outcome };
}

/** Workers count, and report what they have counted. */
function observe(metrics: CallMetrics, ...calls: Counted[]): void {
  const worker = new CallTallies();
  for (const { call, outcome } of calls) worker.count(call, outcome, false);
  metrics.addCalls(worker.take(1000));
  metrics.addCalls(worker.take(1000));
}

const read = async (metrics: CallMetrics, name: string) =>
  (await metrics.registry.getSingleMetricAsString(name)).split('\n').filter((line) => !line.startsWith('#'));

describe('the series of calls', () => {
  it('count every call once, however often they are read', async () => {
    const metrics = new CallMetrics();
    observe(metrics, call(200, 500));
    observe(metrics, call(200, 500, 'dan'));
    const first = await read(metrics, 'apisix_http_status');
    expect(first).toContain('apisix_http_status{route="r",service="s",group="g",consumer="",code="200"} 1');
    observe(metrics, call(200, 500, 'dan'), call(429, 500, 'dan'));
    const second = await read(metrics, 'apisix_http_status');
    expect(second).toContain('apisix_http_status{route="r",service="s",group="g",consumer="dan",code="200"} 2');
    expect(second).toContain('apisix_http_status{route="r",service="s",group="g",consumer="dan",code="429"} 1');
    expect(await read(metrics, 'apisix_http_status')).toEqual(second);
  });

  it('keep statuses of one caller on one route apart, whatever their order', () => {
    const tallies = new CallTallies();
    const { call: same } = call(200, 500, 'dan');
    for (const status of [200, 429, 429, 200, 500]) tallies.count(same, call(status, 500).outcome, false);
    expect(tallies.take(10).counts).toEqual([0, 200, 2, 0, 429, 2, 0, 500, 1]);
    for (const status of [429, 429]) tallies.count(same, call(status, 500).outcome, false);
    expect(tallies.take(10)).toMatchObject({ consumers: ['dan'], counts: [0, 429, 2] });
  });

  it('are handed over in parts, the callers that wait longest first, each call once', async () => {
    const metrics = new CallMetrics();
    const tallies = new CallTallies();
    const callers = Array.from({ length: 25 }, (_, index) => call(200, 500, `c${index}`));
    for (const { call: one, outcome } of callers) tallies.count(one, outcome, false);
    const first = tallies.take(10);
    expect(first.consumers).toEqual(callers.slice(0, 10).map(({ call: { caller } }) => caller?.consumerId));
    // One that was handed over, and one that still waits, come again.
    for (const index of [0, 20]) tallies.count(callers[index]!.call, callers[index]!.outcome, false);
    expect(tallies.waiting).toBe(16);
    for (const part of [first, tallies.take(10), tallies.take(10), tallies.take(10)]) metrics.addCalls(part);
    const lines = await read(metrics, 'apisix_http_status');
    const counted = callers.map((_, index) => (index === 0 || index === 20 ? 2 : 1));
    expect(lines.map((line) => Number(line.split(' ').at(-1))).sort()).toEqual(counted.sort());
    expect(await read(metrics, 'apisix_http_latency')).toContain(
      'apisix_http_latency_count{route="r",service="s",group="g"} 27',
    );
  });

  it('count right while more callers come than are told apart at a time', () => {
    const tallies = new CallTallies();
    const { call: same, outcome } = call(200, 500, 'dan');
    tallies.count(same, outcome, false);
    for (let index = 0; index < 70_000; index++) tallies.count(call(200, 500, `c${index}`).call, outcome, false);
    tallies.count(same, outcome, false);
    const { consumers, counts, routes } = tallies.take(100_000);
    expect(consumers.filter((consumer) => consumer === 'dan')).toHaveLength(2);
    expect(counts.filter((_, index) => index % 3 === 2).reduce((sum, calls) => sum + calls, 0)).toBe(70_002);
    expect(routes.reduce((sum, { latency }) => sum + latency[0]!, 0)).toBe(70_002);
  });

  it('put latencies into cumulative buckets, bounds included', async () => {
    const metrics = new CallMetrics();
    for (const latencyUs of [400, 1000, 1001, 60_000_000]) observe(metrics, call(200, latencyUs));
    const lines = await read(metrics, 'apisix_http_latency');
    const labels = 'route="r",service="s",group="g"';
    expect(lines).toContain(`apisix_http_latency_bucket{${labels},le="1"} 2`);
    expect(lines).toContain(`apisix_http_latency_bucket{${labels},le="2"} 3`);
    expect(lines).toContain(`apisix_http_latency_bucket{${labels},le="30000"} 3`);
    expect(lines).toContain(`apisix_http_latency_bucket{${labels},le="+Inf"} 4`);
    expect(lines).toContain(`apisix_http_latency_count{${labels}} 4`);
    expect(lines).toContain(`apisix_http_latency_sum{${labels}} 60002.401`);
  });
});
