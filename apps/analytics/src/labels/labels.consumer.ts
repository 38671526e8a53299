import { Inject, Injectable } from '@nestjs/common';
import {
  planVersionPublished,
  productPublished,
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionRequested,
  subscriptionSuspended,
  tenantCreated,
  tenantUpdated,
} from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { IANAZone } from 'luxon';
import type { z } from 'zod';
import { QuotasRepository } from '../quotas/quotas.repository.ts';
import { LabelsRepository } from './labels.repository.ts';

type Received<E extends { schema: z.ZodType }> = ReceivedEvent<z.output<E['schema']>>;

/** Keeps what reports and bills need to know of tenants, products, plans and subscriptions. */
@Injectable()
export class LabelsConsumer {
  constructor(
    @Inject(LabelsRepository) private readonly labels: LabelsRepository,
    @Inject(QuotasRepository) private readonly quotas: QuotasRepository,
  ) {}

  @OnEvent(tenantCreated, { consumer: 'labels' })
  @OnEvent(tenantUpdated, { consumer: 'labels' })
  async takeTenant(event: Received<typeof tenantCreated | typeof tenantUpdated>, unit: UnitOfWork): Promise<void> {
    const { tenantId, billingTimeZone: zone } = event.data;
    if (!IANAZone.isValidZone(zone)) throw new Error(`${zone} is no time zone`);
    await this.labels.saveZone(unit, { tenantId, zone, aggregateVersion: event.aggregateVersion ?? 0 });
    await this.quotas.markTenant(unit, tenantId);
  }

  @OnEvent(productPublished, { consumer: 'labels' })
  async takeProduct(event: Received<typeof productPublished>, unit: UnitOfWork): Promise<void> {
    const { productId, name } = event.data;
    await this.labels.saveProduct(unit, {
      tenantId: tenantOf(event),
      productId,
      name,
      aggregateVersion: event.aggregateVersion ?? 0,
    });
  }

  @OnEvent(planVersionPublished, { consumer: 'labels' })
  async takePlanVersion(event: Received<typeof planVersionPublished>, unit: UnitOfWork): Promise<void> {
    const { planVersionId, productId, name } = event.data;
    await this.labels.savePlanVersion(unit, { tenantId: tenantOf(event), planVersionId, productId, name });
  }

  @OnEvent(subscriptionRequested, { consumer: 'labels' })
  @OnEvent(subscriptionSuspended, { consumer: 'labels' })
  @OnEvent(subscriptionCancelled, { consumer: 'labels' })
  async takeState(event: Received<typeof subscriptionRequested>, unit: UnitOfWork): Promise<void> {
    await this.labels.saveSubscription(unit, factOf(event));
  }

  @OnEvent(subscriptionApproved, { consumer: 'labels' })
  async takeApproval(event: Received<typeof subscriptionApproved>, unit: UnitOfWork): Promise<void> {
    await this.labels.saveSubscription(unit, factOf(event));
    const { subscriptionId, planVersionId } = event.data;
    const effectiveFrom = new Date(event.envelope.time);
    await this.labels.savePlanOf(unit, { tenantId: tenantOf(event), subscriptionId, planVersionId, effectiveFrom });
  }
}

function factOf(event: Received<typeof subscriptionApproved>) {
  const { subscriptionId, applicationId, applicationName, productId, planVersionId } = event.data;
  return {
    tenantId: tenantOf(event),
    subscriptionId,
    applicationId,
    applicationName,
    productId,
    planVersionId,
    aggregateVersion: event.aggregateVersion ?? 0,
  };
}

function tenantOf({ tenantId, envelope }: ReceivedEvent): string {
  if (tenantId === null) throw new Error(`${envelope.type} names no tenant`);
  return tenantId;
}
