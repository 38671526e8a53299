import type { UsageRow } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';
import { UsageCells } from './usage-cells.ts';
import type { UsageStore } from './usage-store.ts';

/** What the writer works with. */
export interface UsageWriterOptions {
  readonly store: Pick<UsageStore, 'count' | 'sync'>;
  /** Counters since the last time it was called. */
  readonly drain: () => readonly UsageRow[];
  /** Calls answered longer ago than this are never missing after a kill; milliseconds. */
  readonly flushMs: number;
  readonly logger: Logger;
}

/** The rest of the time that is promised is for a machine that gives the process no turn. */
const writesPerFlush = 10;

/**
 * Writes counters in the turn of the event loop that counted the first of them, but at most ten times in `flushMs`: what a kill
 * may cost depends on the progress of the process itself and on nothing that goes on beside. Every `flushMs` what was written is synced.
 */
export class UsageWriter {
  readonly #unwritten = new UsageCells();
  #writtenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isSyncing = false;

  constructor(private readonly options: UsageWriterOptions) {}

  start(): void {
    this.#timer = setInterval(() => {
      this.write();
      void this.#sync();
    }, this.options.flushMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.write();
  }

  /** A call was counted, the first since the last drain. */
  readonly counted = (): void => {
    if (this.#unwritten.size > 0) return;
    const pauseMs = this.#writtenAt + this.options.flushMs / writesPerFlush - performance.now();
    if (pauseMs <= 0) setImmediate(() => this.write());
    else setTimeout(() => this.write(), pauseMs);
  };

  /**
   * Writes what was counted, at once; before anything that may hold up the process for long. What could not be written is written
   * next time, together with what was counted since.
   */
  write(): void {
    const { drain, store, logger } = this.options;
    this.#unwritten.add(drain());
    const rows = this.#unwritten.rows();
    if (rows.length === 0) return;
    this.#writtenAt = performance.now();
    try {
      store.count(rows);
      this.#unwritten.remove(rows);
    } catch (err) {
      logger.error({ err, rows: rows.length }, 'usage could not be written; it is kept in memory and tried again');
    }
  }

  async #sync(): Promise<void> {
    if (this.#isSyncing) return;
    this.#isSyncing = true;
    try {
      await this.options.store.sync();
    } catch (err) {
      this.options.logger.error({ err }, 'usage is written, but would not survive a crash of the machine');
    }
    this.#isSyncing = false;
  }
}
