import type { UsageRow } from '@tollgate/contracts/dataplane';
import { UsageCells } from './usage-cells.ts';
import type { UsageLog } from './usage-log.ts';
import type { UsageStore } from './usage-store.ts';

/** What the writer works with. */
export interface UsageWriterOptions {
  readonly store: Pick<UsageStore, 'count' | 'sync'>;
  /** How often what was written is synced, and what could not be written is tried again; milliseconds. */
  readonly flushMs: number;
  readonly logger: UsageLog;
}

/** Writes the counters that workers hand over, at once: they hand them over no more often than is good. Every `flushMs` what was written is synced. */
export class UsageWriter {
  readonly #unwritten = new UsageCells();
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

  /** Writes rows before it returns. */
  readonly add = (rows: readonly UsageRow[]): void => {
    this.#unwritten.add(rows);
    this.write();
  };

  /** Writes what could not be written before, together with what was counted since. */
  write(): void {
    const { store, logger } = this.options;
    const rows = this.#unwritten.rows();
    if (rows.length === 0) return;
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
