import { Inject, Injectable } from '@nestjs/common';
import { type QuotaMetered, quotaMetered } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { QuotasRepository } from './quotas.repository.ts';

/** Keeps what analytics tells of quotas, for people to see. */
@Injectable()
export class QuotasEvents {
  constructor(@Inject(QuotasRepository) private readonly quotas: QuotasRepository) {}

  @OnEvent(quotaMetered, { consumer: 'quotas' })
  async onMetered({ data, aggregateVersion, envelope }: ReceivedEvent<QuotaMetered>, unit: UnitOfWork): Promise<void> {
    await this.quotas.save(unit, data, { version: aggregateVersion ?? 0, countedAt: envelope.time });
  }
}
