import { Inject, Injectable } from '@nestjs/common';
import {
  credentialIssued,
  credentialRevoked,
  type EventDefinition,
  planVersionPublished,
  productDeleted,
  productPublished,
  subscriptionApproved,
  subscriptionCancelled,
  subscriptionRequested,
  subscriptionSuspended,
} from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import type { SubscriptionState } from './portal-objects.ts';
import { PortalProjection } from './portal-projection.ts';

type DataOf<D> = D extends EventDefinition<infer T> ? T : never;
type SubscriptionEvent = ReceivedEvent<DataOf<typeof subscriptionApproved>>;

const consumer = { consumer: 'access-state' } as const;

/**
 * Turns the portal's events into access state. A product that is no longer on sale stays bound, as existing subscriptions keep
 * working, so `portal.product.unpublished` changes nothing here.
 */
@Injectable()
export class PortalConsumer {
  constructor(@Inject(PortalProjection) private readonly projection: PortalProjection) {}

  @OnEvent(productPublished, consumer)
  async onProduct(event: ReceivedEvent<DataOf<typeof productPublished>>, unit: UnitOfWork): Promise<void> {
    const { productId: id, ...product } = event.data;
    await this.projection.putProduct(unit, { id, ...product, version: event.aggregateVersion ?? 0, isDeleted: false });
  }

  @OnEvent(productDeleted, consumer)
  async onProductDeleted(event: ReceivedEvent<DataOf<typeof productDeleted>>, unit: UnitOfWork): Promise<void> {
    await this.projection.deleteProduct(unit, event.data.productId, event.aggregateVersion ?? 0);
  }

  @OnEvent(planVersionPublished, consumer)
  async onPlanVersion(event: ReceivedEvent<DataOf<typeof planVersionPublished>>, unit: UnitOfWork): Promise<void> {
    const { planVersionId: id, version: number, ...plan } = event.data;
    await this.projection.putPlanVersion(unit, { id, number, ...plan });
  }

  @OnEvent(subscriptionRequested, consumer)
  onRequested(event: SubscriptionEvent, unit: UnitOfWork): Promise<void> {
    return this.#put(event, 'pending', unit);
  }

  @OnEvent(subscriptionApproved, consumer)
  onApproved(event: SubscriptionEvent, unit: UnitOfWork): Promise<void> {
    return this.#put(event, 'active', unit);
  }

  @OnEvent(subscriptionSuspended, consumer)
  onSuspended(event: SubscriptionEvent, unit: UnitOfWork): Promise<void> {
    return this.#put(event, 'suspended', unit);
  }

  @OnEvent(subscriptionCancelled, consumer)
  onCancelled(event: SubscriptionEvent, unit: UnitOfWork): Promise<void> {
    return this.#put(event, 'cancelled', unit);
  }

  @OnEvent(credentialIssued, consumer)
  async onIssued(event: ReceivedEvent<DataOf<typeof credentialIssued>>, unit: UnitOfWork): Promise<void> {
    const { credentialId: id, kind = 'key', ...credential } = event.data;
    await this.projection.putCredential(unit, { id, ...credential, kind, revokedAt: null });
  }

  @OnEvent(credentialRevoked, consumer)
  async onRevoked(event: ReceivedEvent<DataOf<typeof credentialRevoked>>, unit: UnitOfWork): Promise<void> {
    const { credentialId: id, ...credential } = event.data;
    const revokedAt = event.envelope.time;
    const unknown = { keySha256: null, expiresAt: null, kind: null };
    await this.projection.putCredential(unit, { id, ...credential, ...unknown, revokedAt });
  }

  async #put(event: SubscriptionEvent, state: SubscriptionState, unit: UnitOfWork): Promise<void> {
    const { subscriptionId: id, ...subscription } = event.data;
    await this.projection.putSubscription(unit, { id, ...subscription, state, version: event.aggregateVersion ?? 0 });
  }
}
