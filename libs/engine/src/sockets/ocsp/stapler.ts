import type { Server } from 'node:tls';
import type { AddressGuard } from '../../upstream/address-guard.ts';
import { askResponder } from './ask-responder.ts';
import { checkAnswer, writeRequest } from './ocsp-messages.ts';
import type { StapleSource } from './staple-source.ts';

/** What stapling works with. */
export interface StaplerServices {
  readonly guard: AddressGuard;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The longest that a handshake waits for a responder. */
const longestWaitMs = 300;
/** After a failure nobody is asked for this long. */
const backOffMs = 60_000;

/** The state of one certificate as its responder last told it, with which handshakes are answered. */
export class Stapler {
  readonly #source: StapleSource;
  readonly #services: StaplerServices;
  #answer: { readonly bytes: Buffer; readonly freshUntil: number; readonly validUntil: number } | null = null;
  #asking: Promise<void> | null = null;
  #silentUntil = 0;

  constructor(source: StapleSource, services: StaplerServices) {
    this.#source = source;
    this.#services = services;
  }

  /** Answers the clients of a server that ask for the state. */
  serve(server: Server): void {
    server.on('OCSPRequest', (_certificate, _issuer, done) => {
      void this.#current().then((bytes) => done(null, bytes as Buffer));
    });
  }

  /** An answer that is in force; null when there is none in time: clients then do without, or ask themselves. */
  async #current(): Promise<Buffer | null> {
    const now = this.#services.now();
    if ((this.#answer === null || this.#answer.freshUntil <= now) && this.#silentUntil <= now)
      this.#asking ??= this.#ask();
    if (this.#asking !== null && !this.#isValid(now)) await Promise.race([this.#asking, wait(longestWaitMs)]);
    return this.#isValid(now) ? (this.#answer?.bytes ?? null) : null;
  }

  #isValid(now: number): boolean {
    return this.#answer !== null && this.#answer.validUntil > now;
  }

  async #ask(): Promise<void> {
    const { guard, now } = this.#services;
    try {
      const bytes = await askResponder(this.#source, writeRequest(this.#source), guard);
      const validUntil = checkAnswer(bytes, this.#source, now());
      this.#answer = { bytes, validUntil, freshUntil: Math.min(validUntil, now() + this.#source.cacheMs) };
    } catch {
      this.#silentUntil = now() + backOffMs;
    } finally {
      this.#asking = null;
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
