import { crc32 } from 'node:zlib';
import { usageBatch, usageRow } from '@tollgate/contracts/dataplane';
import { z } from 'zod';

/** One entry of `usage.wal`. */
export const walRecord = z.discriminatedUnion('kind', [
  /** Calls were counted. */
  z.object({ kind: z.literal('counted'), rows: z.array(usageRow) }),
  /** Counted rows got a sequence number and will be sent exactly like this until they are accepted. */
  z.object({ kind: z.literal('sealed'), batch: usageBatch }),
  /** The control plane has the sealed batch. */
  z.object({ kind: z.literal('accepted') }),
]);
export type WalRecord = z.infer<typeof walRecord>;

const headBytes = 8;

/** Length and CRC-32 of the JSON, then the JSON. */
export function encodeRecord(record: WalRecord): Buffer {
  const body = Buffer.from(JSON.stringify(record));
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(crc32(body), 4);
  return Buffer.concat([head, body]);
}

/** The records of a file up to the first that is not whole: what a crash tore off was never acknowledged to anybody. */
export function decodeRecords(content: Buffer): { records: WalRecord[]; wholeBytes: number } {
  const records: WalRecord[] = [];
  let offset = 0;
  for (;;) {
    const record = decodeAt(content, offset);
    if (record === null) return { records, wholeBytes: offset };
    records.push(record.value);
    offset = record.end;
  }
}

function decodeAt(content: Buffer, offset: number): { value: WalRecord; end: number } | null {
  const start = offset + headBytes;
  if (start > content.length) return null;
  const end = start + content.readUInt32LE(offset);
  if (end > content.length) return null;
  const body = content.subarray(start, end);
  if (crc32(body) !== content.readUInt32LE(offset + 4)) return null;
  const value: unknown = JSON.parse(body.toString('utf8'));
  walRecord.parse(value);
  // As it was written, not as the schema would order it: a sealed batch is known by the hash of its bytes.
  return { value: value as WalRecord, end };
}
