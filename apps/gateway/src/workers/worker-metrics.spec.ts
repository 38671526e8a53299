import { Lane, type ObservedCall } from '@tollgate/engine';
import { describe, expect, it } from 'vitest';
import { WorkerMetrics } from './worker-metrics.ts';

const outcome = {
  status: 200,
  billable: true,
  bytesIn: 0,
  bytesOut: 0,
  latencyUs: 500,
  upstreamLatencyUs: 0,
  node: null,
};

function callOf(consumerId: string): ObservedCall {
  return {
    groupId: 'g',
    route: { id: 'r', name: 'books', serviceId: 's' },
    caller: { consumerId, consumerGroupId: null, credentialId: null, labels: {} },
    lane: new Lane({ groupId: 'g', tenantId: 't', routeId: 'r', consumer: consumerId }),
    host: 'api.test',
  };
}

function observed(callers: number): WorkerMetrics {
  const metrics = new WorkerMetrics(() => undefined);
  for (let index = 0; index < callers; index++) metrics.observe(callOf(`c${index}`), outcome, false);
  return metrics;
}

describe('what a worker hands over by itself', () => {
  it('is little at a time, however many callers there are', () => {
    const metrics = observed(10_000);
    expect(metrics.takeCalls().consumers).toHaveLength(100);
    expect(metrics.waitingCallers).toBe(9_900);
  });

  it('keeps what waits bounded', () => {
    const metrics = observed(70_000);
    metrics.takeCalls();
    expect(metrics.waitingCallers).toBe(65_536);
  });
});
