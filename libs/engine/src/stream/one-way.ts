import { readBytes, type Scratch } from '../sockets/scratch.ts';
import type { Socket } from '../sockets/socket.ts';

/** What becomes of one direction. */
export interface OneWayEvents {
  passed(length: number): void;
  /** The end has been passed on, behind everything else. */
  ended(): void;
}

/** Bytes from one socket to another, no faster than that takes them. */
export class OneWay {
  #isBehind = false;
  #isEnded = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly scratch: Scratch,
    private readonly events: OneWayEvents,
  ) {}

  pass(bytes: Buffer, length: number): void {
    this.events.passed(length);
    if (writeAll(this.scratch, this.to, bytes, length)) return;
    this.#isBehind = true;
    this.from.pause();
  }

  /** Everything written has left. */
  caughtUp(): void {
    if (!this.#isBehind) return;
    this.#isBehind = false;
    if (this.#isEnded) this.#end();
    else this.from.resume();
  }

  /** Nothing more will come. */
  end(): void {
    this.#isEnded = true;
    if (!this.#isBehind) this.#end();
  }

  #end(): void {
    this.to.end();
    this.events.ended();
  }
}

/** Writes bytes of any length; false when the peer is slower. */
export function writeAll(scratch: Scratch, to: Socket, bytes: Buffer, length: number): boolean {
  let isTaken = true;
  for (let at = 0; at < length; at += readBytes) {
    const end = Math.min(length, at + readBytes);
    bytes.copy(scratch.bytes, 0, at, end);
    isTaken = to.writeScratch(end - at) && isTaken;
  }
  return isTaken;
}
