import { readBytes } from '../sockets/scratch.ts';
import type { BodyTransfer } from './body-transfer.ts';
import type { ConnectionLife } from './connection-life.ts';
import { type BodySource, RequestBody } from './request-body.ts';

/** How the head of a request says that a body follows. */
export interface BodyFields {
  readonly isChunked: boolean;
  readonly contentLength: number | null;
}

/** Takes the bodies of a connection's requests, one after the other, from what has arrived: no faster than they are used. */
export class ArrivingBody implements BodySource {
  readonly #life: ConnectionLife;
  /** Works on what was kept, now that it can be used. */
  readonly #connection: { goOn(): void };

  constructor(life: ConnectionLife, connection: { goOn(): void }) {
    this.#life = life;
    this.#connection = connection;
  }

  /** The body that follows a head; null when there is none. */
  expect({ isChunked, contentLength }: BodyFields, limitBytes: number): RequestBody | null {
    if (isChunked) return new RequestBody({ kind: 'chunked' }, { source: this, limitBytes });
    if (contentLength === null) return null;
    return new RequestBody({ kind: 'length', bytes: contentLength }, { source: this, limitBytes });
  }

  moveBody(transfer: BodyTransfer, target: Buffer, offset: number): number {
    const life = this.#life;
    const { bytes, start, end } = life.received;
    if (start === end) return offset;
    const offsetBehind = transfer.move(bytes, start, Math.min(end, start + readBytes), target, offset);
    if (offsetBehind >= 0) life.received.start = transfer.position;
    if (life.phase === 'body' && transfer.isComplete) life.awaitAnswer();
    else if (life.phase !== 'answer') life.allow('bodyStallMs');
    return offsetBehind;
  }

  holdBody(isHeld: boolean): void {
    const life = this.#life;
    life.isHeld = isHeld;
    if (life.phase === 'body') {
      if (isHeld) life.allowAnyTime();
      else life.allow('bodyStallMs');
    }
    if (isHeld) life.updateReading();
    else this.#connection.goOn();
  }
}
