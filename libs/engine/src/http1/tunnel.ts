import { readBytes, type Scratch } from '../sockets/scratch.ts';
import type { Socket } from '../sockets/socket.ts';

/** How long a peer may take for the last bytes once both have said all. */
const lastBytesMs = 60_000;

/**
 * Passes bytes both ways between two connections, no faster than either takes them, until both have ended or one is gone.
 * @param ended is called once, when nothing passes any more.
 * @returns what cuts both connections.
 */
export function joinSockets(
  a: Socket,
  b: Socket,
  { scratch, ended }: { scratch: Scratch; ended: () => void },
): () => void {
  let open = 2;
  let isOver = false;
  const stop = () => {
    if (isOver) return;
    isOver = true;
    a.destroy();
    b.destroy();
    ended();
  };
  const finish = () => {
    isOver = true;
    // What the slower of the two has yet to take still leaves.
    a.closeWhenWritten();
    b.closeWhenWritten();
    setTimeout(() => {
      a.destroy();
      b.destroy();
    }, lastBytesMs).unref();
    ended();
  };
  const direct = (from: Socket, to: Socket) => {
    from.owner = {
      onBytes: (bytes, length) => {
        if (!writeThrough(scratch, to, bytes, length)) from.pause();
      },
      onWritten: () => to.resume(),
      onEnd: () => {
        to.end();
        open -= 1;
        if (open === 0 && !isOver) finish();
      },
      onClose: stop,
    };
    from.resume();
  };
  direct(a, b);
  direct(b, a);
  return stop;
}

/** Writes bytes of any length; false when the peer is slower. */
export function writeThrough(scratch: Scratch, to: Socket, bytes: Buffer, length: number): boolean {
  let isTaken = true;
  for (let at = 0; at < length; at += readBytes) {
    const end = Math.min(length, at + readBytes);
    bytes.copy(scratch.bytes, 0, at, end);
    isTaken = to.writeScratch(end - at) && isTaken;
  }
  return isTaken;
}
