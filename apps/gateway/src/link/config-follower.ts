import { setTimeout as pause } from 'node:timers/promises';
import {
  type ChangeAcknowledgement,
  type Command,
  configLine,
  type ConfigLine,
  linkPaths,
  linkTiming,
} from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';
import type { CacheWriter } from '../configuration/cache-writer.ts';
import { type GroupBook, OutOfStep, type TakenChange } from '../configuration/group-book.ts';
import type { DataPlane } from '../workers/data-plane.ts';
import type { Acknowledger } from './acknowledger.ts';
import { BackOff } from './back-off.ts';
import type { LinkHttp } from './link-http.ts';
import { readLines } from './read-lines.ts';

/** What following works with. */
export interface FollowerContext {
  /** The present connection; it is another one after each renewal. */
  readonly http: () => Pick<LinkHttp, 'stream'>;
  readonly plane: Pick<DataPlane, 'confirmAccess'>;
  readonly book: GroupBook;
  readonly cache: Pick<CacheWriter, 'changed' | 'confirmed'>;
  readonly acknowledger: Pick<Acknowledger, 'tell'>;
  readonly logger: Logger;
  readonly onCommand: (command: Command) => void;
  /** All there is has arrived. */
  readonly onSynced: () => void;
  readonly onFault: (message: string) => void;
}

/** Whether the stream is open now. */
export type FollowerState = 'connecting' | 'connected' | 'stopped';

/** Follows the config stream for as long as the process lives; comes back after every break. */
export class ConfigFollower {
  readonly #backOff = new BackOff();
  readonly #stopping = new AbortController();
  #streaming: AbortController | null = null;
  #waiting: AbortController | null = null;
  /** The stream is to be opened anew, which is no fault and needs no pause. */
  #isAskedFor = false;
  #running: Promise<void> = Promise.resolve();
  /** Resolves when all changes that were taken are acknowledged. */
  #acknowledged: Promise<void> = Promise.resolve();
  #state: FollowerState = 'connecting';

  constructor(private readonly context: FollowerContext) {}

  get state(): FollowerState {
    return this.#state;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#stopping.abort();
    this.#streaming?.abort();
    await this.#running;
    await this.#acknowledged;
  }

  /** Opens the stream anew at once: there is another identity, or someone wants to know what has changed. */
  reconnect(): void {
    this.#isAskedFor = true;
    this.#streaming?.abort();
    this.#waiting?.abort();
  }

  async #run(): Promise<void> {
    while (this.#state !== 'stopped') {
      this.#isAskedFor = false;
      try {
        await this.#follow();
      } catch (err) {
        if (this.#stopping.signal.aborted) return;
        if (!this.#isAskedFor) this.#note(err);
      }
      if (this.#stopping.signal.aborted) return;
      this.#state = 'connecting';
      if (!this.#isAskedFor) await this.#wait();
    }
  }

  #note(err: unknown): void {
    this.context.logger.warn({ err }, 'config stream broke; connecting again');
    this.context.onFault(err instanceof Error ? err.message : String(err));
  }

  async #wait(): Promise<void> {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const signal = AbortSignal.any([this.#stopping.signal, waiting.signal]);
    await pause(this.#backOff.next(), undefined, { signal }).catch(() => undefined);
    this.#waiting = null;
  }

  async #follow(): Promise<void> {
    const { http, book, logger } = this.context;
    const streaming = new AbortController();
    this.#streaming = streaming;
    const silence = setTimeout(
      () => streaming.abort(new Error('the control plane is silent')),
      linkTiming.silenceTimeoutMs,
    );
    try {
      book.startStream();
      const stream = await http().stream(linkPaths.config, { groups: book.positions() }, streaming.signal);
      this.#state = 'connected';
      logger.info('config stream is open');
      this.#repeatPositions();
      for await (const line of readLines(stream, () => silence.refresh()))
        await this.#take(configLine.parse(JSON.parse(line)));
    } finally {
      clearTimeout(silence);
      streaming.abort();
    }
  }

  #repeatPositions(): void {
    for (const { groupId, revision, access } of this.context.book.inForce()) {
      for (const [sequence, position] of [
        ['revision', revision],
        ['access', access],
      ] as const) {
        if (position > 0) this.context.acknowledger.tell({ outcome: 'applied', groupId, sequence, position });
      }
    }
  }

  async #take(line: ConfigLine): Promise<void> {
    const { book, plane, cache, onCommand, onSynced } = this.context;
    switch (line.type) {
      case 'hello':
        return;
      case 'ping':
        plane.confirmAccess();
        cache.confirmed();
        this.#backOff.reset();
        return;
      case 'synced':
        plane.confirmAccess();
        await this.#acknowledged;
        onSynced();
        return;
      case 'command':
        onCommand(line);
        return;
      default: {
        const change = await book.take(line);
        if (change !== null) this.#acknowledgeInOrder(change);
        if (line.type === 'end' || line.type === 'leave') cache.changed();
      }
    }
  }

  /** Goes on with the next change meanwhile. */
  #acknowledgeInOrder({ acknowledgement, inForce }: TakenChange): void {
    this.#acknowledged = Promise.all([this.#acknowledged, inForce]).then(() => this.#acknowledge(acknowledgement));
    if (acknowledgement.outcome === 'applied' || acknowledgement.reason !== 'hash-mismatch') return;
    const { groupId, sequence, position } = acknowledgement;
    throw new OutOfStep(`${sequence} ${position} of ${groupId} does not have its hash`);
  }

  #acknowledge(acknowledgement: ChangeAcknowledgement): void {
    const { logger, onFault, acknowledger } = this.context;
    acknowledger.tell(acknowledgement);
    const { outcome, groupId, sequence, position } = acknowledgement;
    if (outcome === 'applied') {
      logger.info({ groupId, sequence, position }, 'configuration is in force');
      return;
    }
    const { reason, detail, faults } = acknowledgement;
    logger.error({ groupId, sequence, position, reason, faults }, 'configuration was refused; the last good one stays');
    onFault(`${groupId} ${sequence} ${position}: ${detail}`);
  }
}
