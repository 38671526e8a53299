import { renameSync, writeSync } from 'node:fs';
import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfPresent, syncFolder } from '../files.ts';
import { decodeRecords, encodeRecord, type WalRecord } from './wal-records.ts';

/**
 * The write-ahead file of usage. What is written survives a kill of the process at once, and a crash of the machine from the next
 * {@link sync} on. A rewrite goes on beside the file and holds up no write.
 */
export class UsageWal {
  #size: number;
  #isDirty = false;
  #syncing: Promise<void> = Promise.resolve();
  /** Since a rewrite began: what the new file must hold as well. */
  #tail: Buffer[] | null = null;

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
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    await file.truncate(wholeBytes);
    return { wal: new UsageWal(path, file, wholeBytes), records };
  }

  /** Bytes on disk. */
  get size(): number {
    return this.#size;
  }

  /**
   * Hands a record over to the operating system before it returns: tens of microseconds, which no thread pool under load keeps to.
   * @throws without a trace of the record: the next one is written over what a failed write left.
   */
  write(record: WalRecord): void {
    const bytes = encodeRecord(record);
    writeWhole(this.file, bytes, this.#size);
    this.#size += bytes.length;
    this.#isDirty = true;
    this.#tail?.push(bytes);
  }

  /** Resolves when all that was written before survives a crash of the machine. */
  sync(): Promise<void> {
    const synced = this.#syncing.then(() => this.#sync());
    this.#syncing = synced.catch(() => undefined);
    return synced;
  }

  /**
   * Replaces everything by these records and what is written meanwhile. At every moment the file as it lies there is whole: the old
   * one until the switch, the new one after it.
   * @param onSwitched runs together with the switch; no write comes between.
   */
  async rewrite(records: Iterable<WalRecord>, onSwitched: () => void): Promise<void> {
    const previous = this.file;
    const tail: Buffer[] = [];
    this.#tail = tail;
    try {
      const next = await open(this.#besidePath, 'w', 0o600);
      try {
        let size = 0;
        for (const record of records) size += await append(next, encodeRecord(record));
        size += await append(next, Buffer.concat(tail.splice(0)));
        await next.sync();
        this.#switchTo(next, size, Buffer.concat(tail));
        onSwitched();
      } catch (cause) {
        await next.close();
        throw cause;
      }
    } finally {
      this.#tail = null;
    }
    await this.sync();
    await syncFolder(dirname(this.path));
    await previous.close();
  }

  async close(): Promise<void> {
    await this.#syncing;
    await this.file.close();
  }

  get #besidePath(): string {
    return `${this.path}.next`;
  }

  #switchTo(next: FileHandle, size: number, rest: Buffer): void {
    writeWhole(next, rest, size);
    renameSync(this.#besidePath, this.path);
    this.file = next;
    this.#size = size + rest.length;
    this.#isDirty = rest.length > 0;
  }

  async #sync(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    try {
      await this.file.datasync();
    } catch (cause) {
      this.#isDirty = true;
      throw cause;
    }
  }
}

async function append(file: FileHandle, bytes: Buffer): Promise<number> {
  await file.writeFile(bytes);
  return bytes.length;
}

function writeWhole({ fd }: FileHandle, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
  }
}
