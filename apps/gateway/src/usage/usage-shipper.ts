import { appendFile } from 'node:fs/promises';
import { linkErrors, linkPaths, type UsageBatch, type UsageRow } from '@tollgate/contracts/dataplane';
import { BackOff } from '../link/back-off.ts';
import { LinkRefusal } from '../link/link-refusal.ts';
import type { UsageLog } from './usage-log.ts';
import type { UsageStore } from './usage-store.ts';
import type { UsageWriter } from './usage-writer.ts';

/** What the shipper works with. Times in milliseconds. */
export interface UsageShipperOptions {
  readonly store: UsageStore;
  readonly writer: Pick<UsageWriter, 'write'>;
  /** Sends to the control plane; absent when there is none: then usage is only kept. */
  readonly post: ((path: string, body: string) => Promise<unknown>) | null;
  /** Rows of the store went into a batch of this process; told once per batch. */
  readonly sealed: (sequence: number, rows: readonly UsageRow[]) => void;
  /** The batch was refused; what is not given up will be in another one. */
  readonly unsealed: (sequence: number, givenUp: readonly UsageRow[]) => void;
  /** How often it looks for something to do. */
  readonly everyMs: number;
  readonly shipMs: number;
  /** Where rows go that the control plane will never take. */
  readonly rejectedPath: string;
  readonly logger: UsageLog;
}

/** Refusals that sending again cannot mend. */
const finalStatuses = new Set([400, 409, 413, 422]);

/** Sends what is on disk, one batch at a time, until each is accepted, and keeps the file within its bounds. */
export class UsageShipper {
  readonly #backOff = new BackOff();
  #timer: NodeJS.Timeout | undefined;
  #storing: Promise<void> = Promise.resolve();
  #sending: Promise<void> | null = null;
  #sendAfter = 0;
  #toldSequence = 0;
  #isMakingRoom = false;
  #isStopped = false;

  constructor(private readonly options: UsageShipperOptions) {}

  start(): void {
    this.#timer = setInterval(() => void this.#tick(), this.options.everyMs);
  }

  /** Tries once more to send, within the time. */
  async stop(withinMs: number): Promise<void> {
    clearInterval(this.#timer);
    this.#isStopped = true;
    const sent = (this.#sending ?? Promise.resolve()).then(() => this.#send());
    await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, withinMs).unref())]);
    await this.#alone(() => this.options.store.close());
  }

  async #tick(): Promise<void> {
    if (this.#isMakingRoom) return;
    await this.#makeRoom();
    if (this.#sending !== null || this.#isStopped || Date.now() < this.#sendAfter) return;
    this.#sendAfter = Date.now() + this.options.shipMs;
    this.#sending = this.#send().finally(() => (this.#sending = null));
  }

  /** Merging many rows takes its time: what was counted until then is written before. */
  async #makeRoom(): Promise<void> {
    const { store, writer, logger } = this.options;
    if (!store.needsRoom) return;
    this.#isMakingRoom = true;
    try {
      await this.#alone(async () => {
        writer.write();
        await store.makeRoom();
      });
    } catch (err) {
      logger.error({ err }, 'usage.wal could not be made smaller');
    }
    this.#isMakingRoom = false;
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

  /** The store does one thing at a time, but for counting. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#storing.then(work);
    this.#storing = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
