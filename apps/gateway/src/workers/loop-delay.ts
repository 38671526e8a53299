import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often the loop is looked at; a delay is what a look comes later than this. */
const resolutionMs = 20;
const nsPerMs = 1e6;

/** How long what is due on this thread waits for its turn. Costs a timer; nothing per call. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.#histogram.enable();
  }

  /** 99th percentile since the last {@link reset}, milliseconds. */
  get p99Ms(): number {
    return this.#histogram.count === 0 ? 0 : Math.max(0, this.#histogram.percentile(99) / nsPerMs - resolutionMs);
  }

  reset(): void {
    this.#histogram.reset();
  }
}
