import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { correctRequestQueueTimer } from './request-queue-timer.ts';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
  checkPendingRequests: () => void;
  destroy(): void;
}
const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;

const queue = (): Queue =>
  new RequestQueue({ logger: { debug: () => undefined }, maxInFlightRequests: 1, requestTimeout: 1000 });

describe('the request queue of kafkajs, corrected', () => {
  afterEach(() => vi.useRealTimers());

  it('arms no timer while nothing is pending', () => {
    vi.useFakeTimers();
    correctRequestQueueTimer();
    queue().scheduleCheckPendingRequests();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('checks what is pending when the broker’s throttling ends', () => {
    vi.useFakeTimers();
    correctRequestQueueTimer();
    const throttled = queue();
    const check = vi.fn();
    throttled.checkPendingRequests = check;
    throttled.pending = [{}];
    throttled.throttledUntil = Date.now() + 500;
    throttled.scheduleCheckPendingRequests();
    throttled.scheduleCheckPendingRequests();
    vi.advanceTimersByTime(499);
    expect(check).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(check).toHaveBeenCalledTimes(1);
    throttled.destroy();
  });
});
