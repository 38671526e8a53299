import { setTimeout as delay } from 'node:timers/promises';
import { readFields, readLine, valuesOf } from '../../http/header-fields.ts';
import type { Wish } from './acts.ts';
import { type GatewayDoor, openSocket } from './kept-connection.ts';
import { noise } from './noise.ts';

/** How an answer is read. */
export interface SlowDownload {
  readonly door: GatewayDoor;
  /** Asks for the noise of {@link wish} with its length, on a connection that ends with it. */
  readonly request: string;
  readonly wish: Wish;
  /** At most so many bytes are read per turn, and what a turn lasts; asked anew each turn. */
  readonly pace: () => { readonly bytes: number; readonly everyMs: number };
}

/** What came of it. */
export interface Downloaded {
  /** Null when no head came. */
  readonly status: number | null;
  /** Bytes of content that came, all of them right. */
  readonly received: number;
  /** Null: every byte came, and was right. `cut`: what came was right, and shows that it is not whole. Otherwise what was wrong. */
  readonly fault: string | null;
}

const mostHeadBytes = 16_384;

/** Reads a long answer no faster than the pace allows and compares each byte; nothing is kept. */
export async function downloadSlowly({ door, request, wish, pace }: SlowDownload): Promise<Downloaded> {
  const socket = await openSocket(door);
  let isOver = false;
  socket.on('error', () => (isOver = true));
  socket.on('end', () => (isOver = true));
  socket.on('close', () => (isOver = true));
  socket.write(request);
  const content = noise(wish.id, wish.count);
  let head = Buffer.alloc(0);
  let status: number | null = null;
  let received = 0;
  try {
    for (;;) {
      const { bytes, everyMs } = pace();
      const available = Math.min(bytes, socket.readableLength);
      const piece = (available > 0 ? (socket.read(available) as Buffer | null) : null) ?? Buffer.alloc(0);
      if (piece.length === 0) {
        if (isOver) return { status, received, fault: status === null ? 'no head' : 'cut' };
        socket.read(0);
      }
      let body = piece;
      if (status === null) {
        head = Buffer.concat([head, piece]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0 && head.length > mostHeadBytes) return { status, received, fault: 'a head without an end' };
        if (end < 0) body = Buffer.alloc(0);
        else {
          body = head.subarray(end + 4);
          status = Number(head.toString('latin1', 9, 12));
          const length = contentLengthOf(head.subarray(0, end + 4));
          if (status !== 200 || length !== wish.count)
            return { status, received, fault: `status ${status} with length ${length}` };
        }
      }
      if (!body.equals(content.subarray(received, received + body.length)))
        return { status, received, fault: `wrong bytes after ${received}` };
      received += body.length;
      if (received === wish.count) return { status, received, fault: null };
      await delay(everyMs);
    }
  } finally {
    socket.destroy();
  }
}

function contentLengthOf(head: Buffer): number | null {
  const first = readLine(head, 0);
  if (first === null || 'fault' in first) return null;
  const read = readFields(head, first.next);
  if (read === null || 'fault' in read) return null;
  return Number(valuesOf(read.fields, 'content-length')[0]);
}
