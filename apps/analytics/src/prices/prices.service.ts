import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import { type PriceSet, priceSet } from '@tollgate/contracts/events';
import type { EndpointCall, Page, PageQuery } from '@tollgate/contracts/rest';
import {
  priceInPast,
  type createPrice,
  type getPrice,
  type listPrices,
  type Price,
} from '@tollgate/contracts/rest/analytics';
import { Database, mapPage } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { minorDigitsOf } from './currencies.ts';
import type { PriceEntity } from './price.entity.ts';
import { PricesRepository } from './prices.repository.ts';

const minuteMs = 60_000;

/** Prices of plan versions. They never change, and only the first of a plan version may reach into the past. */
@Injectable()
export class PricesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PricesRepository) private readonly prices: PricesRepository,
  ) {}

  async list(call: EndpointCall<typeof listPrices>): Promise<Page<Price>> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      mapPage(await this.prices.list(unit, call.query, call.query), toPrice),
    );
  }

  /** For those who keep a copy. */
  listSnapshots(tenantId: string, query: PageQuery): Promise<Page<PriceSet>> {
    return this.database.inTenant(tenantId, async (unit) =>
      mapPage(await this.prices.list(unit, {}, query), toSnapshot),
    );
  }

  async get(call: EndpointCall<typeof getPrice>): Promise<Price> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toPrice(await this.prices.get(unit, call.params.priceId)),
    );
  }

  async create(call: EndpointCall<typeof createPrice>): Promise<Price> {
    const { planVersionId, currency, effectiveFrom, ...terms } = call.body;
    if (minorDigitsOf(currency) === undefined) throw invalid('/currency', 'There is no such currency in ISO 4217.');
    const presentMinute = Math.floor(Date.now() / minuteMs) * minuteMs;
    const price: PriceEntity = {
      id: newId('prc'),
      tenantId: tenantOf(call),
      planVersionId,
      currency,
      terms,
      effectiveFrom: effectiveFrom === undefined ? new Date(presentMinute) : wholeMinute(effectiveFrom),
      createdAt: new Date(),
    };
    await this.database.inTenant(
      price.tenantId,
      async (unit) => {
        const reachesBack = price.effectiveFrom.getTime() < presentMinute;
        if (reachesBack && (await this.prices.has(unit, planVersionId))) throw new ApiError(priceInPast);
        await this.prices.insert(unit, price);
        await unit.emit(
          priceSet.create({
            subject: price.id,
            partitionKey: planVersionId,
            tenantId: price.tenantId,
            aggregateVersion: 1,
            data: toSnapshot(price),
          }),
        );
        await unit.audit(
          auditOf(call, {
            action: 'price.create',
            object: { kind: 'price', id: price.id },
            details: { planVersionId, currency, ...terms },
          }),
        );
      },
      { dryRun: call.dryRun },
    );
    return toPrice(price);
  }
}

function toSnapshot({ id, planVersionId, currency, terms, effectiveFrom, createdAt }: PriceEntity): PriceSet {
  return {
    priceId: id,
    planVersionId,
    currency,
    terms,
    effectiveFrom: effectiveFrom.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

function toPrice({ id, planVersionId, currency, terms, effectiveFrom, createdAt }: PriceEntity): Price {
  return {
    ...terms,
    id,
    planVersionId,
    currency,
    effectiveFrom: effectiveFrom.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

function wholeMinute(timestamp: string): Date {
  const time = new Date(timestamp);
  if (time.getTime() % minuteMs !== 0) throw invalid('/effectiveFrom', 'Prices begin with a whole minute.');
  return time;
}

function invalid(pointer: string, message: string): ApiError {
  return new ApiError(commonErrors.invalid, { errors: [{ pointer, message }] });
}
