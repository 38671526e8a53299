import { randomBytes } from 'node:crypto';
import type { UsageBatch, UsageRow } from '@tollgate/contracts/dataplane';
import { UsageCells } from './usage-cells.ts';
import { UsageWal } from './usage-wal.ts';
import type { WalRecord } from './wal-records.ts';

/** Bounds of a batch: far below what the link accepts. */
const batchRows = 2_000;
const batchBytes = 1024 * 1024;
/** Below this size history is not worth a rewrite. */
const rewriteAboveBytes = 4 * 1024 * 1024;
/** Rows held in memory before minutes are merged. */
const maxCells = 200_000;
const rowsPerRecord = 5_000;

/** Bounds of the file. */
export interface UsageStoreOptions {
  readonly path: string;
  readonly maxBytes: number;
}

/**
 * Usage from the moment it is counted until the control plane has it. At most one batch is sealed at a time; what is counted
 * meanwhile adds up in cells, so being cut off costs space by route and minute, not by batch. Calls must not overlap.
 */
export class UsageStore {
  /** 128 random bits per process start. */
  readonly epoch = randomBytes(16).toString('hex');
  readonly #cells = new UsageCells();
  #sealed: UsageBatch | null = null;
  #sequence = 0;

  private constructor(
    private readonly wal: UsageWal,
    private readonly options: UsageStoreOptions,
  ) {}

  /** Opens the file and takes up what an earlier process left. */
  static async open(options: UsageStoreOptions): Promise<UsageStore> {
    const { wal, records } = await UsageWal.open(options.path);
    const store = new UsageStore(wal, options);
    for (const record of records) store.#replay(record);
    return store;
  }

  get pendingRows(): number {
    return this.#cells.size + (this.#sealed?.rows.length ?? 0);
  }

  get walBytes(): number {
    return this.wal.size;
  }

  /** The batch that is being sent, exactly as it must be sent. */
  get sealed(): UsageBatch | null {
    return this.#sealed;
  }

  /** Resolves when the rows are safe. */
  async count(rows: readonly UsageRow[]): Promise<void> {
    await this.wal.append({ kind: 'counted', rows: [...rows] });
    this.#cells.add(rows);
  }

  /** Makes room when the file or the memory is filling. */
  async makeRoom(): Promise<void> {
    if (this.#isFilling()) await this.#rewrite();
  }

  /** Gives the oldest rows a sequence number, unless a batch is sealed already; null when nothing is waiting. */
  async seal(): Promise<UsageBatch | null> {
    if (this.#sealed !== null) return this.#sealed;
    const rows = this.#cells.take(batchRows, batchBytes);
    if (rows.length === 0) return null;
    const batch = { epoch: this.epoch, sequence: this.#sequence + 1, rows };
    try {
      await this.wal.append({ kind: 'sealed', batch });
    } catch (cause) {
      this.#cells.add(rows);
      throw cause;
    }
    this.#sequence = batch.sequence;
    this.#sealed = batch;
    return batch;
  }

  /** The control plane has the sealed batch. */
  async accepted(): Promise<void> {
    this.#sealed = null;
    if (this.#cells.size === 0 || this.wal.size > rewriteAboveBytes) await this.#rewrite();
    else await this.wal.append({ kind: 'accepted' });
  }

  /**
   * The control plane refused the sealed batch and counted nothing of it: the rows that it may still take wait anew, the number is
   * used again.
   * @returns the rows that are given up.
   */
  async refused(isGivenUp: (index: number) => boolean): Promise<UsageRow[]> {
    const { rows = [], epoch } = this.#sealed ?? {};
    this.#sealed = null;
    if (epoch === this.epoch) this.#sequence -= 1;
    this.#cells.add(rows.filter((_row, index) => !isGivenUp(index)));
    await this.#rewrite();
    return rows.filter((_row, index) => isGivenUp(index));
  }

  async close(): Promise<void> {
    await this.wal.close();
  }

  #replay(record: WalRecord): void {
    switch (record.kind) {
      case 'counted':
        this.#cells.add(record.rows);
        break;
      case 'sealed':
        this.#cells.remove(record.batch.rows);
        this.#sealed = record.batch;
        break;
      case 'accepted':
        this.#sealed = null;
    }
  }

  #isFilling(): boolean {
    return this.wal.size > this.options.maxBytes / 2 || this.#cells.size > maxCells;
  }

  /** Drops history; while that does not make room, merges minutes into hours, then hours into days. */
  async #rewrite(): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    if (this.#cells.size > maxCells) this.#cells.coarsen(3600, now);
    await this.wal.rewrite(this.#live());
    if (!this.#isFilling()) return;
    this.#cells.coarsen(3600, now);
    this.#cells.coarsen(86_400, now);
    await this.wal.rewrite(this.#live());
  }

  #live(): WalRecord[] {
    const rows = this.#cells.rows();
    const records: WalRecord[] = this.#sealed === null ? [] : [{ kind: 'sealed', batch: this.#sealed }];
    for (let start = 0; start < rows.length; start += rowsPerRecord) {
      records.push({ kind: 'counted', rows: rows.slice(start, start + rowsPerRecord) });
    }
    return records;
  }
}
