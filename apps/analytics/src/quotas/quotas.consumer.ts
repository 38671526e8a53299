import { Inject, Injectable } from '@nestjs/common';
import {
  planVersionPublished,
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionRequested,
  subscriptionSuspended,
} from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import type { z } from 'zod';
import { QuotasRepository } from './quotas.repository.ts';

type Received<E extends { schema: z.ZodType }> = ReceivedEvent<z.output<E['schema']>>;
type SubscriptionEvent = Received<typeof subscriptionApproved>;

const consumer = { consumer: 'quotas' } as const;

/** Keeps which subscriptions have a quota. */
@Injectable()
export class QuotasConsumer {
  constructor(@Inject(QuotasRepository) private readonly quotas: QuotasRepository) {}

  @OnEvent(planVersionPublished, consumer)
  async takePlan(event: Received<typeof planVersionPublished>, unit: UnitOfWork): Promise<void> {
    const { planVersionId, quota } = event.data;
    if (quota !== null) await this.quotas.savePlan(unit, { tenantId: tenantOf(event), planVersionId, ...quota });
  }

  @OnEvent(subscriptionRequested, consumer)
  @OnEvent(subscriptionApproved, consumer)
  @OnEvent(subscriptionSuspended, consumer)
  async takeSubscription(event: SubscriptionEvent, unit: UnitOfWork): Promise<void> {
    await this.#save(event, unit, true);
  }

  @OnEvent(subscriptionCancelled, consumer)
  async takeEnd(event: SubscriptionEvent, unit: UnitOfWork): Promise<void> {
    await this.#save(event, unit, false);
  }

  async #save(event: SubscriptionEvent, unit: UnitOfWork, isLive: boolean): Promise<void> {
    const { subscriptionId, planVersionId } = event.data;
    const [tenantId, aggregateVersion] = [tenantOf(event), event.aggregateVersion ?? 0];
    await this.quotas.saveSubscription(unit, { tenantId, subscriptionId, planVersionId, isLive, aggregateVersion });
  }
}

function tenantOf({ tenantId, envelope }: ReceivedEvent): string {
  if (tenantId === null) throw new Error(`${envelope.type} names no tenant`);
  return tenantId;
}
