import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import {
  reportTooManyRows,
  type CallReport,
  type CallReportRow,
  type getCallReport,
  type SubscriptionLabel,
} from '@tollgate/contracts/rest/analytics';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, PLATFORM_CONFIG, tenantOf } from '@tollgate/platform';
import type { AnalyticsConfig } from '../config.ts';
import { LabelsRepository } from '../labels/labels.repository.ts';
import { RouteLabelsRepository } from '../labels/route-labels.repository.ts';
import { chooseRollUp, rollUps, type ReportRange, type RollUp } from './choose-roll-up.ts';
import { summariseLatency } from './latency.ts';
import { ReportsRepository, type CallCounts, type CallFilter } from './reports.repository.ts';

const maxRows = 5_000;
const minuteMs = 60_000;
/** A year and a leap day: what one request may read. */
const maxRangeMs = 366 * 24 * 60 * minuteMs;

interface Labels {
  readonly subscriptions: ReadonlyMap<string, SubscriptionLabel>;
  readonly routes: ReadonlyMap<string, string>;
}

const noCalls: CallCounts = {
  calls: 0,
  billable: 0,
  bytesIn: 0,
  bytesOut: 0,
  latencySumUs: 0,
  histogram: [],
};

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

  async calls(call: EndpointCall<typeof getCallReport>): Promise<CallReport> {
    const { groupBy, subscriptionId, from, to, ...filters } = call.query;
    const filter: CallFilter = {
      ...filters,
      tenantId: tenantOf(call),
      consumer: subscriptionId,
      from: new Date(from),
      to: new Date(to),
      groupBy,
    };
    const rollUp = this.#rollUpFor(filter);
    return this.database.inTenant(filter.tenantId, (unit) => this.#report(unit, rollUp, filter), { isSnapshot: true });
  }

  /** Rows and total are of one moment: batches that are counted meanwhile are in both or in neither. */
  async #report(unit: UnitOfWork, rollUp: RollUp, filter: CallFilter): Promise<CallReport> {
    const counts = await this.reports.listCounts(unit, rollUp, filter, maxRows + 1);
    if (counts.length > maxRows) throw new ApiError(reportTooManyRows);
    const [total = noCalls] = await this.reports.listCounts(unit, rollUp, { ...filter, groupBy: [] }, 1);
    const labels = await this.#labelsOf(unit, filter, counts);
    return {
      from: filter.from.toISOString(),
      to: filter.to.toISOString(),
      rows: counts.map((row) => toRow(row, labels)),
      total: toMeasures(total),
    };
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

function invalid(pointer: string, message: string): ApiError {
  return new ApiError(commonErrors.invalid, { errors: [{ pointer, message }] });
}

function toRow(counts: CallCounts, labels: Labels): CallReportRow {
  const { groupId, routeId, consumer, status, time } = counts;
  return {
    ...(groupId === undefined ? {} : { groupId }),
    ...(routeId === undefined ? {} : { routeId, routeName: labels.routes.get(routeId) ?? null }),
    ...(consumer === undefined
      ? {}
      : { consumer: consumer === '' ? null : consumer, subscription: labels.subscriptions.get(consumer) ?? null }),
    ...(status === undefined ? {} : { status }),
    ...(time === undefined ? {} : { time: time.toISOString() }),
    ...toMeasures(counts),
  };
}

function toMeasures({ calls, billable, bytesIn, bytesOut, latencySumUs, histogram }: CallCounts): CallReport['total'] {
  return { calls, billable, bytesIn, bytesOut, latency: summariseLatency(histogram, latencySumUs) };
}
