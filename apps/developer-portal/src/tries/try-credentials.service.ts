import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, newSecretToken } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type { createTryCredential, Subscription, TryCredential } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { emitIssued } from '../credentials/credential-events.ts';
import { CredentialsRepository } from '../credentials/credentials.repository.ts';
import { Revocation } from '../credentials/revocation.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { stateConflict } from '../shared/state-machine.ts';
import { groupsOf } from '../subscriptions/subscription-events.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';

/** How long such a key lives, milliseconds. */
const lifetimeMs = 15 * 60_000;
/** How long those that ended are kept, milliseconds. */
const keptMs = 24 * 3_600_000;
/** As many pages as one may have open. */
const mostPerSubscription = 5;

/** Makes keys for pages that try an API. Gateways know when they end. */
@Injectable()
export class TryCredentialsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Revocation) private readonly revocation: Revocation,
  ) {}

  /** @throws ApiError `resource.not_found`, `developer.not_approved`, `portal.state_conflict` unless the subscription is approved. */
  create(call: EndpointCall<typeof createTryCredential>): Promise<TryCredential> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.lockApproved(unit, call);
      const subscription = await this.subscriptions.lock(unit, call.params.subscriptionId, developerId);
      if (subscription.state !== 'approved') throw stateConflict('try', subscription.state);
      await this.#makeRoom(unit, subscription, call);
      await this.credentials.forgetTries(unit, subscription.id, new Date(Date.now() - keptMs));
      const key = newSecretToken('key');
      const expiresAt = new Date(Date.now() + lifetimeMs);
      const credential = await this.credentials.insert(unit, {
        subscriptionId: subscription.id,
        name: 'Try it',
        kind: 'try',
        keySha256: hashSecretToken(key),
        hint: key.slice(-4),
        expiresAt,
      });
      await emitIssued(unit, credential, groupsOf(await this.products.get(unit, subscription.productId)));
      const object = { kind: 'credential', id: credential.id };
      await unit.audit(auditOf(call, { action: 'credential.try', object }));
      return { id: credential.id, subscriptionId: subscription.id, key, expiresAt: expiresAt.toISOString() };
    });
  }

  /** The oldest end for a new one. */
  async #makeRoom(
    unit: UnitOfWork,
    subscription: Subscription,
    call: EndpointCall<typeof createTryCredential>,
  ): Promise<void> {
    const live = await this.credentials.listActive(unit, subscription.id, 'try');
    for (const { id } of live.slice(0, Math.max(0, live.length - mostPerSubscription + 1))) {
      const audit = auditOf(call, { action: 'credential.revoke', object: { kind: 'credential', id } });
      await this.revocation.revoke(unit, subscription, id, audit);
    }
  }
}
