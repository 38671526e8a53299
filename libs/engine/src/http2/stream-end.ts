import type { Http2Stream } from 'node:http2';

/**
 * Whether a stream whose reading side is at its end was ended by the peer, and not by a reset or the loss of the connection. A reset
 * without an error looks like an end; a length that was told tells the difference.
 */
export function isWhole(stream: Http2Stream): boolean {
  return !stream.destroyed && !stream.aborted && (stream.rstCode ?? 0) === 0;
}

/**
 * Resets a stream in the middle of what was being sent. `close()` would end it properly first, so that the peer would take what it has for
 * the whole.
 */
export function breakOff(stream: Http2Stream): void {
  stream.destroy(new Error('broken off'));
}
