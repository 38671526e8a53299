import { RecordTooLargeError } from './bus-errors.ts';
import { maxRecordBytes, type BusRecord } from './event-bus.ts';

/** @throws RecordTooLargeError when one of the records is larger than any transport takes. */
export function refuseOversized(records: readonly BusRecord[]): void {
  for (const { topic, key, value } of records) {
    const bytes = Buffer.byteLength(value);
    if (bytes > maxRecordBytes) {
      throw new RecordTooLargeError(`record ${key} for ${topic} has ${bytes} bytes, more than ${maxRecordBytes}`);
    }
  }
}
