import { createRequire } from 'node:module';
import { z } from 'zod';

/** What this file touches of kafkajs' private request queue (kafkajs 2.2.4, `src/network/requestQueue/index.js`). */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const queueClass = z.custom<{ prototype: RequestQueue }>(
  (value) =>
    typeof value === 'function' && 'scheduleCheckPendingRequests' in (value as { prototype: object }).prototype,
  'kafkajs has no RequestQueue.scheduleCheckPendingRequests any more: this correction belongs to version 2.2.4',
);

const recheckMs = 10;

/**
 * Corrects a timer of kafkajs 2.2.4, once per process: each idle connection re-arms a timer with a negative delay for ever, which
 * Node runs every millisecond (3.5 % of a core) and warns of (`TimeoutNegativeWarning`). With nothing pending there is nothing
 * to check: a request that arrives later is sent, or arms the timer, by itself. kafkajs gets no more releases, hence here.
 */
export function correctRequestQueueTimer(): void {
  const loaded: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js');
  queueClass.parse(loaded).prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(this.throttledUntil - Date.now(), recheckMs),
    );
  };
}
