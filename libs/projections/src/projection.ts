import 'reflect-metadata';
import { DiscoveryService } from '@nestjs/core';
import type { Reconciliation } from '@tollgate/contracts/rest';

/** A copy of what another service owns, filled by its events. */
export interface Projection {
  /**
   * Compares the copy of one tenant with its owner's snapshot, puts right what differs and tells how many objects did. Each object is
   * taken in by itself, like an event, so that events that arrive meanwhile are neither lost nor undone. May run twice at once.
   */
  reconcile(tenantId: string): Promise<Reconciliation>;
}

/** Makes a provider that is a {@link Projection} known to the service's job and to the rebuild command, by its name there. */
export const AsProjection = DiscoveryService.createDecorator<string>();
