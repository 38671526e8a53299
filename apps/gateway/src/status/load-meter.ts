/** Measures what share of one core the process takes. */
export class LoadMeter {
  #previous = process.cpuUsage();
  #previousAt = performance.now();

  /** Share of one core since the last reading: 1 is one core busy all the time. */
  read(): number {
    const used = process.cpuUsage(this.#previous);
    const now = performance.now();
    const elapsedMs = Math.max(1, now - this.#previousAt);
    this.#previous = process.cpuUsage();
    this.#previousAt = now;
    return (used.user + used.system) / 1000 / elapsedMs;
  }
}
