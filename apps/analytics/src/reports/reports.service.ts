import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import {
  type CallReport,
  type CallReportRow,
  maxReportRows,
  type ReportQuery,
  reportTooManyRows,
  type SubscriptionLabel,
  timeDimensions,
} from '@tollgate/contracts/rest/analytics';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, PLATFORM_CONFIG } from '@tollgate/platform';
import type { AnalyticsConfig } from '../config.ts';
import { LabelsRepository } from '../labels/labels.repository.ts';
import { RouteLabelsRepository } from '../labels/route-labels.repository.ts';
import { chooseRollUp, rollUps, type ReportRange, type RollUp } from './choose-roll-up.ts';
import { fillTime } from './fill-time.ts';
import { summariseLatency } from './latency.ts';
import { ReportsRepository, type CallCounts, type CallFilter } from './reports.repository.ts';
import { totalCounts } from './total-counts.ts';

const minuteMs = 60_000;
/** A year and a leap day: what one request may read. */
const maxRangeMs = 366 * 24 * 60 * minuteMs;

interface Labels {
  readonly subscriptions: ReadonlyMap<string, SubscriptionLabel>;
  readonly routes: ReadonlyMap<string, string>;
}

const noCalls = totalCounts([]);
/** Answers questions about counted calls. */
@Injectable()
export class ReportsService {
  readonly #rollUps: readonly RollUp[];

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ReportsRepository) private readonly reports: ReportsRepository,
    @Inject(LabelsRepository) private readonly labels: LabelsRepository,
    @Inject(RouteLabelsRepository) private readonly routeLabels: RouteLabelsRepository,
    @Inject(PLATFORM_CONFIG) config: AnalyticsConfig,
  ) {
    this.#rollUps = rollUps({
      minutes: config.USAGE_MINUTES_RETENTION_DAYS,
      hours: config.USAGE_HOURS_RETENTION_DAYS,
      days: config.USAGE_DAYS_RETENTION_DAYS,
    });
  }

  /** @throws ApiError `request.invalid` for a range that cannot be answered, `report.too_many_rows`. */
  async report(tenantId: string, query: ReportQuery): Promise<CallReport> {
    const { subscriptionId, from, to, limit, fill, orderBy, tries, ...filters } = query;
    const filter: CallFilter = {
      ...filters,
      tenantId,
      consumer: subscriptionId,
      isTried: tries === 'included' ? undefined : tries === 'only',
      from: new Date(from),
      to: new Date(to),
      orderBy: orderBy ?? (limit === undefined ? undefined : 'calls'),
    };
    if (fill) refuseUnfillable(query);
    const rollUp = this.#rollUpFor(filter);
    const read = (unit: UnitOfWork) => this.#report(unit, rollUp, { filter, limit, fill });
    return this.database.inTenant(tenantId, read, { isSnapshot: true });
  }

  /** Rows and total are of one moment: batches that are counted meanwhile are in both or in neither. */
  async #report(
    unit: UnitOfWork,
    rollUp: RollUp,
    { filter, limit, fill }: { filter: CallFilter; limit: number | undefined; fill: boolean },
  ): Promise<CallReport> {
    const counted = await this.reports.listCounts(unit, rollUp, filter, limit ?? maxReportRows + 1);
    const counts = fill ? fillTime(counted, filter, noCalls) : counted;
    if (counts.length > maxReportRows) throw new ApiError(reportTooManyRows);
    const total = limit === undefined ? totalCounts(counted) : await this.#total(unit, rollUp, filter);
    const labels = await this.#labelsOf(unit, filter, counts);
    return {
      from: filter.from.toISOString(),
      to: filter.to.toISOString(),
      rows: counts.map((row) => toRow(row, labels)),
      total: toMeasures(total),
    };
  }

  async #total(unit: UnitOfWork, rollUp: RollUp, filter: CallFilter): Promise<CallCounts> {
    const [total] = await this.reports.listCounts(unit, rollUp, { ...filter, groupBy: [], orderBy: undefined }, 1);
    return total ?? noCalls;
  }

  async #labelsOf(unit: UnitOfWork, { tenantId, groupId }: CallFilter, counts: readonly CallCounts[]): Promise<Labels> {
    const consumers = new Set(counts.flatMap(({ consumer }) => consumer ?? []));
    const routeIds = [...new Set(counts.flatMap(({ routeId }) => routeId ?? []))];
    return {
      subscriptions: await this.labels.findSubscriptions(unit, tenantId, [...consumers]),
      routes: await this.routeLabels.findNames(unit, { tenantId, groupId, routeIds }),
    };
  }

  #rollUpFor(range: ReportRange): RollUp {
    const [from, to] = [range.from.getTime(), range.to.getTime()];
    if (from % minuteMs !== 0) throw invalid('/query/from', 'Reports begin with a whole minute.');
    if (to % minuteMs !== 0) throw invalid('/query/to', 'Reports end with a whole minute.');
    if (to <= from) throw invalid('/query/to', 'The end lies after the beginning.');
    if (to - from > maxRangeMs) throw invalid('/query/to', 'A report spans 366 days at most.');
    const rollUp = chooseRollUp(range, this.#rollUps, new Date());
    if (rollUp === null) {
      throw invalid('/query/from', 'Counters of this time are kept by hour or day only: ask for whole hours or days.');
    }
    return rollUp;
  }
}

function refuseUnfillable({ groupBy, limit, orderBy }: ReportQuery): void {
  const [span, ...others] = groupBy;
  const isTimeAlone = span !== undefined && timeDimensions.includes(span) && others.length === 0;
  if (!isTimeAlone || limit !== undefined || orderBy !== undefined) {
    throw invalid('/query/fill', 'Only reports by minute, hour or day alone are filled, without limit and order.');
  }
}

function invalid(pointer: string, message: string): ApiError {
  return new ApiError(commonErrors.invalid, { errors: [{ pointer, message }] });
}

function toRow(counts: CallCounts, labels: Labels): CallReportRow {
  const { groupId, routeId, consumer, status, statusClass, isTried, time } = counts;
  return {
    ...(groupId === undefined ? {} : { groupId }),
    ...(routeId === undefined ? {} : { routeId, routeName: labels.routes.get(routeId) ?? null }),
    ...(consumer === undefined
      ? {}
      : { consumer: consumer === '' ? null : consumer, subscription: labels.subscriptions.get(consumer) ?? null }),
    ...(status === undefined ? {} : { status }),
    ...(statusClass === undefined ? {} : { statusClass }),
    ...(isTried === undefined ? {} : { isTried }),
    ...(time === undefined ? {} : { time: time.toISOString() }),
    ...toMeasures(counts),
  };
}

function toMeasures(counts: CallCounts): CallReport['total'] {
  const { calls, errors4xx, errors5xx, billable, bytesIn, bytesOut, latencySumUs, histogram } = counts;
  const latency = summariseLatency(histogram, latencySumUs);
  return { calls, errors4xx, errors5xx, billable, bytesIn, bytesOut, latency };
}
