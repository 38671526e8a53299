import { Inject, Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import type { BillableMinute, StreamKey } from '../ingestion/ingestion.repository.ts';
import {
  type Contribution,
  type MeterKey,
  QuotaMetersRepository,
  type QuotaSubject,
} from './quota-meters.repository.ts';
import { QuotaSpans } from './quota-span.ts';

/** What taking some batches means for quotas. */
export interface MeteredUsage {
  readonly billable: readonly BillableMinute[];
  /** Which process counted billable calls of whom; each once. */
  readonly contributions: readonly Contribution[];
  /** Streams of which a gap was filled. */
  readonly filled: readonly StreamKey[];
}

/** Adds billable calls to the meters of subscriptions under a quota, in the unit that takes the calls. */
@Injectable()
export class QuotaMeter {
  constructor(@Inject(QuotaMetersRepository) private readonly meters: QuotaMetersRepository) {}

  /**
   * Comes before the calls are added to `billable_minutes`: a meter that is made here begins with what is there, and then these are added,
   * by whichever unit makes it.
   */
  async add(unit: UnitOfWork, { billable, contributions, filled }: MeteredUsage): Promise<void> {
    if (filled.length > 0) await this.meters.markStreams(unit, filled);
    if (contributions.length === 0) return;
    const subjects = await this.meters.lockSubjects(unit, distinct(contributions));
    if (subjects.length === 0) return;
    const byName = new Map(subjects.map((subject) => [nameOf(subject.tenantId, subject.subscriptionId), subject]));
    const added = sumByPeriod(billable, byName);
    await this.meters.ensure(unit, added);
    await this.meters.add(unit, added);
    await this.meters.contribute(
      unit,
      contributions.filter(({ tenantId, consumer }) => byName.has(nameOf(tenantId, consumer))),
    );
  }
}

function sumByPeriod(billable: readonly BillableMinute[], subjects: ReadonlyMap<string, QuotaSubject>) {
  const spans = new QuotaSpans();
  const sums = new Map<string, MeterKey & { calls: number }>();
  for (const minute of billable) {
    const subject = subjects.get(nameOf(minute.tenantId, minute.consumer));
    if (subject === undefined) continue;
    const { tenantId, subscriptionId, period, zone } = subject;
    const span = spans.of(period, zone, minute.start);
    const name = `${nameOf(tenantId, subscriptionId)} ${span.start}`;
    const sum = sums.get(name) ?? { tenantId, subscriptionId, ...span, calls: 0 };
    sum.calls += minute.billable;
    sums.set(name, sum);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function distinct(contributions: readonly Contribution[]): Contribution[] {
  return [...new Map(contributions.map((each) => [nameOf(each.tenantId, each.consumer), each])).values()];
}

function nameOf(tenantId: string, consumer: string): string {
  return `${tenantId} ${consumer}`;
}
