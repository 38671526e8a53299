import { appendFile } from 'node:fs/promises';
import { linkErrors, linkPaths, type UsageBatch, type UsageRow } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';
import { BackOff } from '../link/back-off.ts';
import { LinkRefusal } from '../link/link-http.ts';
import { UsageCells } from './usage-cells.ts';
import type { UsageStore } from './usage-store.ts';

/** What the shipper works with. Times in milliseconds. */
export interface UsageShipperOptions {
  readonly store: UsageStore;
  /** Counters since the last time it was called. */
  readonly drain: () => readonly UsageRow[];
  /** Sends to the control plane; absent when there is none: then usage is only kept. */
  readonly post: ((path: string, body: string) => Promise<unknown>) | null;
  /** Drained rows went into a batch of this process; told once per batch. */
  readonly sealed: (sequence: number, rows: readonly UsageRow[]) => void;
  /** The batch was refused; what is not given up will be in another one. */
  readonly unsealed: (sequence: number, givenUp: readonly UsageRow[]) => void;
  readonly flushMs: number;
  readonly shipMs: number;
  /** Where rows go that the control plane will never take. */
  readonly rejectedPath: string;
  readonly logger: Logger;
}

/** Refusals that sending again cannot mend. */
const finalStatuses = new Set([400, 409, 413, 422]);

/** Writes counters to disk and sends them, one batch at a time, until each is accepted. */
export class UsageShipper {
  readonly #backOff = new BackOff();
  readonly #unwritten = new UsageCells();
  #timer: NodeJS.Timeout | undefined;
  #storing: Promise<void> = Promise.resolve();
  #sending: Promise<void> | null = null;
  #sendAfter = 0;
  #toldSequence = 0;
  #isFlushing = false;
  #isStopped = false;

  constructor(private readonly options: UsageShipperOptions) {}

  start(): void {
    this.#timer = setInterval(() => void this.#tick(), this.options.flushMs);
  }

  /** Writes the last counters and tries once more to send, within the time. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.#timer);
    this.#isStopped = true;
    await this.#flush();
    const sent = (this.#sending ?? Promise.resolve()).then(() => this.#send());
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, withinMs).unref())]);
    await this.#alone(() => this.options.store.close());
  }

  async #tick(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    await this.#flush();
    this.#isFlushing = false;
    if (this.#sending !== null || this.#isStopped || Date.now() < this.#sendAfter) return;
    this.#sendAfter = Date.now() + this.options.shipMs;
    this.#sending = this.#send().finally(() => (this.#sending = null));
  }

  /** What could not be written is written next time, together with what was counted since. */
  #flush(): Promise<void> {
    const { drain, store, logger } = this.options;
    return this.#alone(async () => {
      this.#unwritten.add(drain());
      const rows = this.#unwritten.rows();
      if (rows.length === 0) return;
      try {
        await store.count(rows);
        this.#unwritten.remove(rows);
        await store.makeRoom();
      } catch (err) {
        logger.error({ err, rows: rows.length }, 'usage could not be written; it is kept in memory and tried again');
      }
    });
  }

  async #send(): Promise<void> {
    const { store, post, logger } = this.options;
    if (post === null) return;
    try {
      const batch = await this.#alone(() => store.seal());
      if (batch === null) return;
      this.#tellSealed(batch);
      await post(linkPaths.usage, JSON.stringify(batch));
      this.#backOff.reset();
      await this.#alone(() => store.accepted());
    } catch (err) {
      this.#sendAfter = Date.now() + this.#backOff.next();
      logger.warn({ err }, 'usage was not accepted; it is kept');
      if (err instanceof LinkRefusal) await this.#afterRefusal(err);
    }
  }

  async #afterRefusal(refusal: LinkRefusal): Promise<void> {
    const foreign = new Set(refusal.pointers);
    const isForeign = refusal.code === linkErrors.usageOfForeignGroup.code;
    if (!isForeign && !finalStatuses.has(refusal.status)) return;
    if (refusal.code === linkErrors.usageContentChanged.code) return this.#giveUp();
    const batch = this.options.store.sealed;
    const givenUp = await this.#alone(() =>
      this.options.store.refused((index) => !isForeign || foreign.has(`/rows/${index}`)),
    );
    this.#tellUnsealed(batch, givenUp);
    await this.#reject(givenUp, refusal.code);
  }

  /** What an earlier process sealed is none of this one's calls. */
  #tellSealed({ epoch, sequence, rows }: UsageBatch): void {
    if (epoch !== this.options.store.epoch || sequence === this.#toldSequence) return;
    this.#toldSequence = sequence;
    this.options.sealed(sequence, rows);
  }

  #tellUnsealed(batch: UsageBatch | null, givenUp: readonly UsageRow[]): void {
    if (batch?.epoch !== this.options.store.epoch) return;
    this.#toldSequence = batch.sequence - 1;
    this.options.unsealed(batch.sequence, givenUp);
  }

  /** The number is taken, by the same calls or by a copy of this state: what it counted is the control plane's to judge. */
  async #giveUp(): Promise<void> {
    const batch = this.options.store.sealed;
    await this.#reject(batch?.rows ?? [], linkErrors.usageContentChanged.code, batch);
    await this.#alone(() => this.options.store.accepted());
  }

  async #reject(rows: readonly UsageRow[], code: string, batch: UsageBatch | null = null): Promise<void> {
    const { rejectedPath, logger } = this.options;
    const line = JSON.stringify({ at: new Date().toISOString(), code, batch, rows });
    await appendFile(rejectedPath, `${line}\n`, { mode: 0o600 });
    logger.error({ code, rows: rows.length }, 'usage was refused for good; it is kept in usage.rejected');
  }

  /** The store is used by one at a time. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#storing.then(work);
    this.#storing = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
