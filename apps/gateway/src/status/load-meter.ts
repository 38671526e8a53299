import { availableParallelism } from 'node:os';

/** What the process has done since the last reading. */
export interface MeteredLoad {
  /** Share of one core: 1 is one core busy all the time. */
  readonly cpu: number;
  readonly cores: number;
  readonly callsPerSecond: number;
}

/** Measures what the process does between two readings, from figures that are kept anyway. */
export class LoadMeter {
  #previous = process.cpuUsage();
  #previousCalls = 0;
  #previousAt = performance.now();

  /** @param calls answered since the process started. */
  read(calls: number): MeteredLoad {
    const used = process.cpuUsage(this.#previous);
    const now = performance.now();
    const elapsedMs = Math.max(1, now - this.#previousAt);
    const answered = Math.max(0, calls - this.#previousCalls);
    this.#previous = process.cpuUsage();
    this.#previousCalls = calls;
    this.#previousAt = now;
    return {
      cpu: (used.user + used.system) / 1000 / elapsedMs,
      cores: availableParallelism(),
      callsPerSecond: (answered * 1000) / elapsedMs,
    };
  }
}
