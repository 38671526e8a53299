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
  metrics.add({ tallies: worker.take(), noise: [], failures: 0 });
  metrics.add({ tallies: worker.take(), noise: [], failures: 0 });
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
    expect(tallies.take()[0]?.calls.get('dan')).toEqual([200, 2, 429, 2, 500, 1]);
    tallies.count(same, call(200, 500).outcome, false);
    expect(tallies.take()[0]?.calls.get('dan')).toEqual([200, 1]);
  });

  it('count right while more callers come than are remembered', () => {
    const tallies = new CallTallies();
    for (let index = 0; index < 140_000; index++) {
      const { call: one, outcome } = call(index % 2 === 0 ? 200 : 429, 500, 'dan');
      tallies.count(one, outcome, false);
    }
    expect(tallies.take()[0]?.calls.get('dan')).toEqual([200, 70_000, 429, 70_000]);
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
