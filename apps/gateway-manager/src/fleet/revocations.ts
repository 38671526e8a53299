import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { FleetSignals } from './fleet-signals.ts';
import { RevokedInstancesRepository } from './revoked-instances.repository.ts';

/** A revocation whose announcement was lost is seen after this time at most. */
const rereadEveryMs = 5_000;

/**
 * The revoked instances, in memory, so that every request on the link is checked at once. Rows are the truth; Redis only tells
 * the other instances of this service sooner.
 */
@Injectable()
export class Revocations {
  readonly #revoked = new Set<string>();
  readonly #listeners = new Set<(dataPlaneId: string) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(RevokedInstancesRepository) private readonly repository: RevokedInstancesRepository,
    @Inject(FleetSignals) private readonly signals: FleetSignals,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    signals.onSignal((signal) => {
      if (signal.kind === 'revoked') this.#add(signal.dataPlaneId);
    });
    signals.onGap(() => void this.#reread());
  }

  /** Reads the rows, and again from time to time. */
  async start(): Promise<void> {
    await this.#reread();
    this.#timer = setInterval(() => void this.#reread(), rereadEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  has(dataPlaneId: string): boolean {
    return this.#revoked.has(dataPlaneId);
  }

  /** Calls back once for every instance that is revoked from now on. */
  onRevoked(listener: (dataPlaneId: string) => void): void {
    this.#listeners.add(listener);
  }

  /** Makes a committed revocation count here at once and on the other instances of this service in milliseconds. */
  async announce(dataPlaneId: string): Promise<void> {
    this.#add(dataPlaneId);
    await this.signals.send({ kind: 'revoked', dataPlaneId });
  }

  async #reread(): Promise<void> {
    try {
      for (const dataPlaneId of await this.repository.revokedIds()) this.#add(dataPlaneId);
    } catch (err) {
      this.logger.warn({ err }, 'revocations could not be read');
    }
  }

  #add(dataPlaneId: string): void {
    if (this.#revoked.has(dataPlaneId)) return;
    this.#revoked.add(dataPlaneId);
    for (const listener of this.#listeners) listener(dataPlaneId);
  }
}
