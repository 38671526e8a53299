import { Inject, Injectable } from '@nestjs/common';
import { type PriceSet, priceSet } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { PricesRepository } from './prices.repository.ts';

/** Keeps the prices that analytics tells of, for developers to see. */
@Injectable()
export class PricesEvents {
  constructor(@Inject(PricesRepository) private readonly prices: PricesRepository) {}

  @OnEvent(priceSet, { consumer: 'prices' })
  async onSet({ data }: ReceivedEvent<PriceSet>, unit: UnitOfWork): Promise<void> {
    await this.prices.save(unit, data);
  }
}
