import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfPresent, replaceAndKeepOpen } from '../files.ts';
import { decodeRecords, encodeRecord, type WalRecord } from './wal-records.ts';

/** The write-ahead file of usage: appended and synced; rewritten as a whole when most of it is history. */
export class UsageWal {
  #size: number;

  private constructor(
    private readonly path: string,
    private file: FileHandle,
    size: number,
  ) {
    this.#size = size;
  }

  /** Opens the file and returns what it holds; a torn end is cut off. */
  static async open(path: string): Promise<{ wal: UsageWal; records: WalRecord[] }> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const { records, wholeBytes } = decodeRecords((await readIfPresent(path)) ?? Buffer.alloc(0));
    const file = await open(path, 'a', 0o600);
    await file.truncate(wholeBytes);
    return { wal: new UsageWal(path, file, wholeBytes), records };
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#size;
  }

  /** Resolves when the records survive a crash of process and machine; rejects without a trace of them. */
  async append(...records: readonly WalRecord[]): Promise<void> {
    const bytes = Buffer.concat(records.map(encodeRecord));
    try {
      await this.file.appendFile(bytes);
      await this.file.datasync();
    } catch (cause) {
      await this.file.truncate(this.#size);
      throw cause;
    }
    this.#size += bytes.length;
  }

  /** Replaces everything. */
  async rewrite(records: readonly WalRecord[]): Promise<void> {
    const bytes = Buffer.concat(records.map(encodeRecord));
    const previous = this.file;
    this.file = await replaceAndKeepOpen(this.path, bytes);
    this.#size = bytes.length;
    await previous.close();
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
