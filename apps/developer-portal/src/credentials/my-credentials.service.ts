import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, newSecretToken } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  type Credential,
  type IssuedCredential,
  type issueMyCredential,
  type listMyCredentials,
  portalErrors,
  type revokeMyCredential,
  type rotateMyCredential,
  type Subscription,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { stateConflict } from '../shared/state-machine.ts';
import { groupsOf } from '../subscriptions/subscription-events.ts';
import { isLive } from '../subscriptions/subscription-rules.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { emitIssued } from './credential-events.ts';
import { CredentialsRepository, type StoredCredential } from './credentials.repository.ts';
import { Revocation } from './revocation.ts';
import { rotate, type RotatedKey } from './rotation.ts';

/** Enough to rotate with overlap in several places at once. */
const activePerSubscription = 10;

/** Keys of a developer's own subscriptions. A key is in the answer that issues it and nowhere else. */
@Injectable()
export class MyCredentialsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Revocation) private readonly revocation: Revocation,
  ) {}

  list(call: EndpointCall<typeof listMyCredentials>): Promise<Page<Credential>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      const { id } = await this.subscriptions.get(unit, call.params.subscriptionId, developerId);
      return this.credentials.list(unit, id, call.query);
    });
  }

  issue(call: EndpointCall<typeof issueMyCredential>): Promise<IssuedCredential> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const subscription = await this.#lockLive(unit, call, 'issue');
      const issued = await this.#issue(unit, subscription, call.body.name);
      await unit.audit(auditOf(call, { action: 'credential.issue', object: objectOf(issued) }));
      return issued;
    });
  }

  rotate(call: EndpointCall<typeof rotateMyCredential>): Promise<IssuedCredential> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const subscription = await this.#lockLive(unit, call, 'rotate');
      const old = await this.credentials.lock(unit, call.params.credentialId, subscription.id);
      if (old.kind !== 'key') throw new ApiError(commonErrors.notFound);
      const after = rotate(old, new Date(), call.body.overlapSeconds);
      const audit = auditOf(call, { action: 'credential.rotate', object: objectOf(old) });
      if (after.state === 'revoked') await this.revocation.revoke(unit, subscription, old.id, audit);
      else await this.#limit(unit, subscription, old.id, after, audit);
      return this.#issue(unit, subscription, old.name);
    });
  }

  revoke(call: EndpointCall<typeof revokeMyCredential>): Promise<Credential> {
    const { subscriptionId, credentialId } = call.params;
    const audit = auditOf(call, { action: 'credential.revoke', object: objectOf({ id: credentialId }) });
    const work = async (unit: UnitOfWork): Promise<Credential> => {
      const { id: developerId } = await this.current.get(unit, call);
      const subscription = await this.subscriptions.lock(unit, subscriptionId, developerId);
      return this.revocation.revoke(unit, subscription, credentialId, audit);
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  async #lockLive(
    unit: UnitOfWork,
    call: EndpointCall<typeof issueMyCredential> | EndpointCall<typeof rotateMyCredential>,
    step: string,
  ): Promise<Subscription> {
    const { id: developerId } = await this.current.lockApproved(unit, call);
    const subscription = await this.subscriptions.lock(unit, call.params.subscriptionId, developerId);
    if (!isLive(subscription)) throw stateConflict(step, subscription.state);
    return subscription;
  }

  async #issue(unit: UnitOfWork, subscription: Subscription, name: string): Promise<IssuedCredential> {
    const active = await this.credentials.listActive(unit, subscription.id, 'key');
    if (active.length >= activePerSubscription) {
      const detail = `A subscription has at most ${activePerSubscription} active credentials.`;
      throw new ApiError(portalErrors.limitReached, { detail });
    }
    const key = newSecretToken('key');
    const fields = { subscriptionId: subscription.id, name, keySha256: hashSecretToken(key), hint: key.slice(-4) };
    const credential: StoredCredential = await this.credentials.insert(unit, fields);
    await emitIssued(unit, credential, await this.#groups(unit, subscription));
    return { ...credential, key };
  }

  /** Announces when an old key ends. */
  async #limit(
    unit: UnitOfWork,
    subscription: Subscription,
    id: string,
    { expiresAt }: RotatedKey,
    audit: AuditEntry,
  ): Promise<void> {
    const overlapping = await this.credentials.change(unit, id, { expiresAt });
    await emitIssued(unit, overlapping, await this.#groups(unit, subscription));
    await unit.audit(audit);
  }

  async #groups(unit: UnitOfWork, { productId }: Subscription): Promise<string[]> {
    return groupsOf(await this.products.get(unit, productId));
  }
}

function objectOf({ id }: { id: string }): { kind: string; id: string } {
  return { kind: 'credential', id };
}
