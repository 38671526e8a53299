import { readBytes } from '../sockets/scratch.ts';

/**
 * Where a client's connection stands. `idle`: it waits for a request; `head`: its head is coming; `body`: the call is under way and its body
 * is coming; `answer`: the call is under way and its request is complete; `discard`: the answer is out, the rest of the body is dropped;
 * `linger`: everything is said, what still comes is dropped so that the client can read the answer; `tunnel`: another protocol is spoken;
 * `closing`: the client has yet to take the last of its last answer.
 */
export type Phase = 'idle' | 'head' | 'body' | 'answer' | 'discard' | 'linger' | 'tunnel' | 'closing' | 'closed';

/** Pipelined requests may wait up to this length before reading stops. */
const mostWaitingBytes = readBytes;

/** Whether more is to be read in this phase while so many bytes wait. `isHeld`: the upstream is slower than the body comes. */
export function mayRead(phase: Phase, waitingBytes: number, isHeld: boolean): boolean {
  switch (phase) {
    case 'body':
      return waitingBytes === 0 && !isHeld;
    case 'answer':
      return waitingBytes <= mostWaitingBytes;
    case 'closing':
      return false;
    default:
      return true;
  }
}
