import { Injectable } from '@nestjs/common';
import type { ReportOrder, StatusClass } from '@tollgate/contracts/rest/analytics';
import type { UnitOfWork } from '@tollgate/persistence';
import type { ReportRange, RollUp } from './choose-roll-up.ts';
import { countsSql } from './counts-sql.ts';
import type { LatencyHistogram } from './latency.ts';

/** Which calls a report is about. */
export interface CallFilter extends ReportRange {
  readonly tenantId: string;
  readonly groupId?: string | undefined;
  readonly routeId?: string | undefined;
  readonly consumer?: string | undefined;
  readonly applicationId?: string | undefined;
  readonly productId?: string | undefined;
  readonly status?: number | undefined;
  readonly statusClass?: StatusClass | undefined;
  /** True: tries alone; false: none of them. */
  readonly isTried?: boolean | undefined;
  /** Rows are ordered by this, most first, then by what they are grouped by. */
  readonly orderBy?: ReportOrder | undefined;
}

/** Counters of one group of calls; of the optional members it has those that were grouped by. */
export interface CallCounts {
  readonly groupId?: string;
  readonly routeId?: string;
  readonly consumer?: string;
  readonly status?: number;
  readonly isTried?: boolean;
  readonly statusClass?: StatusClass;
  readonly time?: Date;
  readonly calls: number;
  readonly errors4xx: number;
  readonly errors5xx: number;
  readonly billable: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly latencySumUs: number;
  readonly histogram: LatencyHistogram;
}

@Injectable()
export class ReportsRepository {
  /** Grouped counters, in the order that the filter names; `limit` rows at most. */
  async listCounts({ manager }: UnitOfWork, rollUp: RollUp, filter: CallFilter, limit: number): Promise<CallCounts[]> {
    const { tenantId, from, to, groupId, routeId, consumer, status, applicationId, productId, statusClass } = filter;
    const { isTried } = filter;
    return manager.query<CallCounts[]>(countsSql(rollUp, filter), [
      tenantId,
      from,
      to,
      groupId ?? null,
      routeId ?? null,
      consumer ?? null,
      status ?? null,
      limit,
      applicationId ?? null,
      productId ?? null,
      statusClass === undefined ? null : Number(statusClass[0]),
      isTried ?? null,
    ]);
  }
}
