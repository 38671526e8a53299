import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { quotaMetered, type TopicEvent } from '@tollgate/contracts/events';
import { Database } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { type MeterKey, QuotaMetersRepository } from './quota-meters.repository.ts';
import { QuotaSpans } from './quota-span.ts';
import {
  type DueSubject,
  type MeterReading,
  type QuotaNews,
  QuotaTellerRepository,
} from './quota-teller.repository.ts';

/** News are looked for so often. */
const everyMs = 100;
/** A subscription is told of again after this time at the earliest, however many calls it makes. */
const pauseMs = 500;
/** At the turn of a month all subscriptions are due at once: they are told of some at a time. */
const subjectsAtOnce = 200;

type ToldSubject = DueSubject & MeterKey;

/** Tells what the meters of quotas show. Several processes may do it: each takes subscriptions that no other holds. */
@Injectable()
export class QuotaTeller implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #isStopping = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(QuotaMetersRepository) private readonly meters: QuotaMetersRepository,
    @Inject(QuotaTellerRepository) private readonly repository: QuotaTellerRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#telling ??= this.#tellAll().finally(() => (this.#telling = undefined));
    }, everyMs);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#telling;
  }

  /** Tells of some of the subscriptions that are due now; gives how many. */
  async runOnce(): Promise<number> {
    return this.database.inSystem('tell-quotas', async (unit) => {
      const due = await this.repository.lockDue(unit, { limit: subjectsAtOnce, pauseMs });
      if (due.length === 0) return 0;
      const spans = new QuotaSpans();
      const told = due.map((subject): ToldSubject => {
        const { version, period, zone } = subject;
        return { ...subject, version: version + 1, ...spans.of(period, zone, Date.now() / 1000) };
      });
      await this.meters.ensure(unit, told);
      const news = newsOf(told, await this.repository.read(unit, told));
      for (const each of news) await unit.emit(eventOf(each));
      await this.repository.markTold(unit, news);
      return due.length;
    });
  }

  async #tellAll(): Promise<void> {
    try {
      while (!this.#isStopping && (await this.runOnce()) === subjectsAtOnce);
    } catch (err) {
      this.logger.warn({ err }, 'what quotas have used could not be told; it is tried again');
    }
  }
}

function newsOf(told: readonly ToldSubject[], readings: readonly MeterReading[]): QuotaNews[] {
  const byName = new Map(readings.map((reading) => [nameOf(reading), reading]));
  return told.map((subject) => {
    const reading = byName.get(nameOf(subject));
    if (reading === undefined) throw new Error(`the meter of ${subject.subscriptionId} was neither made nor found`);
    const { tenantId, subscriptionId, planVersionId, period, limit, version, start, end } = subject;
    const periodStart = new Date(start * 1000).toISOString();
    const periodEnd = new Date(end * 1000).toISOString();
    const { used, watermarks } = reading;
    const data = { subscriptionId, planVersionId, period, periodStart, periodEnd, limit, used, watermarks };
    return { tenantId, version, data };
  });
}

function eventOf({ tenantId, version: aggregateVersion, data }: QuotaNews): TopicEvent {
  return quotaMetered.create({ subject: data.subscriptionId, tenantId, aggregateVersion, data });
}

function nameOf({ tenantId, subscriptionId }: { tenantId: string; subscriptionId: string }): string {
  return `${tenantId} ${subscriptionId}`;
}
