import type { Deadlines, Perishable } from '../sockets/deadlines.ts';
import type { Scratch } from '../sockets/scratch.ts';
import { nobody, type Socket, type SocketOwner } from '../sockets/socket.ts';
import { OneWay } from './one-way.ts';
import type { StreamCall } from './stream-call.ts';

/** What a relay works with. */
export interface RelayServices {
  readonly scratch: Scratch;
  readonly deadlines: Deadlines;
  readonly limits: { readonly lingerMs: number };
}

/** Between whom bytes pass, and how long nothing may. */
export interface RelayOptions {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly call: StreamCall;
  readonly idleMs: number;
  /** Nothing passes any more. Called once. */
  readonly ended: () => void;
}

/**
 * Passes bytes both ways. The end of one side is passed on and the other may go on; the relay is over when both have ended, one is gone, or
 * nothing has passed for the idle time.
 */
export class StreamRelay implements Perishable {
  deadlineMs: number;
  readonly #services: RelayServices;
  readonly #options: RelayOptions;
  #open = 2;
  #isOver = false;

  constructor(services: RelayServices, options: RelayOptions) {
    this.#services = services;
    this.#options = options;
    this.deadlineMs = services.deadlines.in(options.idleMs);
    services.deadlines.watch(this);
    const { client, upstream, call } = options;
    const inward = this.#way(client, upstream, (length) => (call.bytesIn += length));
    const outward = this.#way(upstream, client, (length) => (call.bytesOut += length));
    client.owner = this.#owner(inward, outward);
    upstream.owner = this.#owner(outward, inward);
    upstream.resume();
    client.resume();
  }

  /** Ends both sides whatever they do. */
  cut(): void {
    this.#services.deadlines.forget(this);
    this.#options.client.destroy();
    this.#options.upstream.destroy();
    this.#finish();
  }

  onDeadline(): void {
    this.cut();
  }

  #way(from: Socket, to: Socket, count: (length: number) => void): OneWay {
    const { scratch, deadlines } = this.#services;
    return new OneWay(from, to, scratch, {
      passed: (length) => {
        count(length);
        this.deadlineMs = deadlines.in(this.#options.idleMs);
      },
      ended: () => {
        this.#open--;
        if (this.#open === 0 && !this.#isOver) this.#closeBoth();
      },
    });
  }

  #owner(away: OneWay, towards: OneWay): SocketOwner {
    return {
      onBytes: (bytes, length) => away.pass(bytes, length),
      onEnd: () => away.end(),
      onWritten: () => towards.caughtUp(),
      onClose: () => this.cut(),
    };
  }

  /** What is still in memory may leave, for a while. */
  #closeBoth(): void {
    const { client, upstream } = this.#options;
    for (const socket of [client, upstream]) {
      socket.owner = nobody;
      socket.closeWhenWritten();
    }
    this.deadlineMs = this.#services.deadlines.in(this.#services.limits.lingerMs);
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.ended();
  }
}
