import { randomBytes } from 'node:crypto';
import type { UsageBatch, UsageRow } from '@tollgate/contracts/dataplane';
import { type Period, UsageCells } from './usage-cells.ts';
import { UsageWal } from './usage-wal.ts';
import type { WalRecord } from './wal-records.ts';

/** Bounds of a batch: far below what the link accepts. */
const batchRows = 2_000;
const batchBytes = 1024 * 1024;
/** Below this size history is not worth a rewrite. */
const rewriteAboveBytes = 4 * 1024 * 1024;
/** Rows held in memory before minutes are merged. */
const maxCells = 200_000;
/** Making room again is worth it when there is so much more than after the last time. */
const worthwhileGrowth = 1.25;
/** Rows are encoded so many at a time: some milliseconds, during which the process does nothing else. */
const rowsPerRecord = 1_000;

/** Bounds of the file. */
export interface UsageStoreOptions {
  readonly path: string;
  readonly maxBytes: number;
}

/** What the store holds, in memory as on disk. */
interface Held {
  /** The batch that is being sent, exactly as it must be sent. */
  readonly sealed: UsageBatch | null;
  readonly cells: UsageCells;
  /** Of the last batch of this epoch. */
  readonly sequence: number;
}

/**
 * Usage from the moment it is counted until the control plane has it. At most one batch is sealed at a time; what is counted
 * meanwhile adds up in cells, so being cut off costs space by route and minute, not by batch. {@link count} may be called at any
 * time and waits for nothing; the other calls must not overlap.
 */
export class UsageStore {
  /** 128 random bits per process start. */
  readonly epoch = randomBytes(16).toString('hex');
  #held: Held = { sealed: null, cells: new UsageCells(), sequence: 0 };
  /** What a rewrite under way will put in the place of `#held`. */
  #coming: Held | null = null;
  #rewrittenBytes = 0;
  #leastFilling: { readonly bytes: number; readonly cells: number };

  private constructor(
    private readonly wal: UsageWal,
    private readonly options: UsageStoreOptions,
  ) {
    this.#leastFilling = { bytes: options.maxBytes / 2, cells: maxCells };
  }

  /** Opens the file and takes up what an earlier process left. */
  static async open(options: UsageStoreOptions): Promise<UsageStore> {
    const { wal, records } = await UsageWal.open(options.path);
    const store = new UsageStore(wal, options);
    for (const record of records) store.#replay(record);
    return store;
  }

  get pendingRows(): number {
    return this.#held.cells.size + (this.#held.sealed?.rows.length ?? 0);
  }

  get walBytes(): number {
    return this.wal.size;
  }

  /** The batch that is being sent. */
  get sealed(): UsageBatch | null {
    return this.#held.sealed;
  }

  /** A kill of the process loses nothing of the rows once this returned. @throws when they could not be written; then they do not count. */
  count(rows: readonly UsageRow[]): void {
    this.wal.write({ kind: 'counted', rows: [...rows] });
    this.#held.cells.add(rows);
    if (this.#coming !== null && this.#coming.cells !== this.#held.cells) this.#coming.cells.add(rows);
  }

  /** Resolves when a crash of the machine loses nothing of what was counted before. */
  sync(): Promise<void> {
    return this.wal.sync();
  }

  /** Whether {@link makeRoom} has something to do. */
  get needsRoom(): boolean {
    const { bytes, cells } = this.#leastFilling;
    return this.#isMostlyHistory() || this.wal.size > bytes || this.#held.cells.size > cells;
  }

  /** Drops history; while that does not make room, merges minutes into hours, then hours into days. */
  async makeRoom(): Promise<void> {
    if (!this.needsRoom) return;
    await this.#rewrite(this.#held.cells.size > maxCells ? { cells: this.#coarse(3600) } : {});
    const isFilling = this.wal.size > this.options.maxBytes / 2 || this.#held.cells.size > maxCells;
    if (isFilling) await this.#rewrite({ cells: this.#coarse(3600, 86_400) });
    this.#leastFilling = {
      bytes: Math.max(this.options.maxBytes / 2, this.wal.size * worthwhileGrowth),
      cells: Math.max(maxCells, this.#held.cells.size * worthwhileGrowth),
    };
  }

  /**
   * Gives the oldest rows a sequence number, unless a batch is sealed already; null when nothing is waiting. A batch is returned once
   * a crash of the machine would not make another one of its rows.
   */
  async seal(): Promise<UsageBatch | null> {
    if (this.#held.sealed === null) this.#sealOldest();
    if (this.#held.sealed !== null) await this.wal.sync();
    return this.#held.sealed;
  }

  /** The control plane has the sealed batch. */
  async accepted(): Promise<void> {
    if (this.#held.cells.size === 0 || this.#isMostlyHistory()) {
      await this.#rewrite({ sealed: null });
      return;
    }
    this.wal.write({ kind: 'accepted' });
    this.#held = { ...this.#held, sealed: null };
  }

  /**
   * The control plane refused the sealed batch and counted nothing of it: the rows that it may still take wait anew, the number is
   * used again.
   * @returns the rows that are given up.
   */
  async refused(isGivenUp: (index: number) => boolean): Promise<UsageRow[]> {
    const { sealed, sequence } = this.#held;
    const { rows = [], epoch } = sealed ?? {};
    const cells = this.#held.cells.copy();
    cells.add(rows.filter((_row, index) => !isGivenUp(index)));
    await this.#rewrite({ sealed: null, cells, sequence: epoch === this.epoch ? sequence - 1 : sequence });
    return rows.filter((_row, index) => isGivenUp(index));
  }

  async close(): Promise<void> {
    await this.wal.close();
  }

  #replay(record: WalRecord): void {
    const { cells } = this.#held;
    switch (record.kind) {
      case 'counted':
        cells.add(record.rows);
        break;
      case 'sealed':
        cells.remove(record.batch.rows);
        this.#held = { ...this.#held, sealed: record.batch };
        break;
      case 'accepted':
        this.#held = { ...this.#held, sealed: null };
    }
  }

  #sealOldest(): void {
    const { cells, sequence } = this.#held;
    const rows = cells.take(batchRows, batchBytes);
    if (rows.length === 0) return;
    const batch = { epoch: this.epoch, sequence: sequence + 1, rows };
    try {
      this.wal.write({ kind: 'sealed', batch });
    } catch (cause) {
      cells.add(rows);
      throw cause;
    }
    this.#held = { sealed: batch, cells, sequence: batch.sequence };
  }

  #isMostlyHistory(): boolean {
    return this.wal.size > Math.max(rewriteAboveBytes, 2 * this.#rewrittenBytes);
  }

  #coarse(...periods: readonly Period[]): UsageCells {
    const cells = this.#held.cells.copy();
    for (const period of periods) cells.coarsen(period, Math.floor(Date.now() / 1000));
    return cells;
  }

  /** Puts something else in the place of what is held, on disk and in memory in one step; when it fails, all stays as it was. */
  async #rewrite(change: Partial<Held>): Promise<void> {
    const coming = { ...this.#held, ...change };
    this.#coming = coming;
    try {
      await this.wal.rewrite(recordsOf(coming), () => {
        this.#held = coming;
        this.#coming = null;
        this.#rewrittenBytes = this.wal.size;
      });
    } finally {
      this.#coming = null;
    }
  }
}

/** What to write for it, rows of this moment, encoded one record at a time as they are asked for. */
function recordsOf({ sealed, cells }: Held): Iterable<WalRecord> {
  const rows = cells.rows();
  return (function* () {
    if (sealed !== null) yield { kind: 'sealed', batch: sealed } satisfies WalRecord;
    for (let start = 0; start < rows.length; start += rowsPerRecord) {
      yield { kind: 'counted', rows: rows.slice(start, start + rowsPerRecord) } satisfies WalRecord;
    }
  })();
}
