import { Inject, Injectable } from '@nestjs/common';
import { idSchema } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import {
  billingTooManyLines,
  type BillingLine,
  type BillingPreview,
  type getBillingPreview,
  type SubscriptionLabel,
  type UnpricedReason,
  type UnpricedUsage,
} from '@tollgate/contracts/rest/analytics';
import { Database } from '@tollgate/persistence';
import { ApiError, PLATFORM_CONFIG, tenantOf } from '@tollgate/platform';
import type { AnalyticsConfig } from '../config.ts';
import { LabelsRepository } from '../labels/labels.repository.ts';
import { billingPeriod, type BillingPeriod } from './billing-period.ts';
import { BillingRepository, type BillableUsage } from './billing.repository.ts';
import { priceUsage, type PricedLine } from './price-usage.ts';

const maxLines = 10_000;
const dayMs = 24 * 60 * 60 * 1000;

type Labels = ReadonlyMap<string, SubscriptionLabel>;

/** Prices what was counted. */
@Injectable()
export class BillingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(BillingRepository) private readonly billing: BillingRepository,
    @Inject(LabelsRepository) private readonly labels: LabelsRepository,
    @Inject(PLATFORM_CONFIG) private readonly config: AnalyticsConfig,
  ) {}

  async preview(call: EndpointCall<typeof getBillingPreview>): Promise<BillingPreview> {
    const tenantId = tenantOf(call);
    return this.database.inTenant(tenantId, async (unit) => {
      const timeZone = await this.billing.getZone(unit, tenantId);
      const period = billingPeriod(call.query.period, timeZone);
      this.#refuseExpired(period);
      const usage = await this.billing.listBillableUsage(unit, tenantId, period, maxLines + 1);
      if (usage.length > maxLines) throw new ApiError(billingTooManyLines);
      const labels = await this.labels.findSubscriptions(unit, tenantId, [
        ...new Set(usage.map(({ consumer }) => consumer)),
      ]);
      const { lines, unpriced, totals } = priceUsage(usage);
      return {
        period: call.query.period,
        timeZone,
        from: period.from.toISOString(),
        to: period.to.toISOString(),
        lines: lines.map((line) => toLine(line, labels)),
        unpriced: unpriced.map((used) => toUnpriced(used, labels)),
        totals: totals.map(({ currency, amountMinor }) => ({ currency, amountMinor: Number(amountMinor) })),
        billableCalls: Number(usage.reduce((sum, { billable }) => sum + billable, 0n)),
      };
    });
  }

  #refuseExpired({ from }: BillingPeriod): void {
    const keptFrom = Date.now() - this.config.USAGE_HOURS_RETENTION_DAYS * dayMs;
    if (from.getTime() >= keptFrom) return;
    throw new ApiError(commonErrors.invalid, {
      errors: [{ pointer: '/query/period', message: 'The calls of this month are not kept by minute any more.' }],
    });
  }
}

function toLine(line: PricedLine, labels: Labels): BillingLine {
  const { id, currency, terms } = line.price;
  return {
    ...toWho(line, labels),
    planVersionId: line.planVersionId,
    price: { id, ...terms },
    currency,
    amountMinor: Number(line.amountMinor),
  };
}

function toUnpriced(used: BillableUsage, labels: Labels): UnpricedUsage {
  return { ...toWho(used, labels), planVersionId: used.planVersionId, reason: reasonOf(used) };
}

function reasonOf({ consumer, planVersionId }: BillableUsage): UnpricedReason {
  if (!idSchema('sub').safeParse(consumer).success) return 'not-sold';
  return planVersionId === null ? 'no-plan' : 'no-price';
}

function toWho({ consumer, billable }: { consumer: string; billable: bigint }, labels: Labels) {
  return {
    consumer: consumer === '' ? null : consumer,
    subscription: labels.get(consumer) ?? null,
    billableCalls: Number(billable),
  };
}
