import { Inject, Injectable } from '@nestjs/common';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { Credential, Subscription } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiProductsRepository } from '../products/api-products.repository.ts';
import { groupsOf } from '../subscriptions/subscription-events.ts';
import { emitRevoked } from './credential-events.ts';
import { CredentialsRepository } from './credentials.repository.ts';

/** Takes keys out of use, whoever asks: an admin, the developer, or the clock. */
@Injectable()
export class Revocation {
  constructor(
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(ApiProductsRepository) private readonly products: ApiProductsRepository,
  ) {}

  /** Revokes a key of a subscription and writes the audit entry; a revoked one stays as it is. */
  async revoke(
    unit: UnitOfWork,
    subscription: Pick<Subscription, 'id' | 'productId'>,
    credentialId: string,
    audit: AuditEntry,
  ): Promise<Credential> {
    const before = await this.credentials.lock(unit, credentialId, subscription.id);
    if (before.state === 'revoked') return before;
    const credential = await this.credentials.change(unit, credentialId, { state: 'revoked' });
    const product = await this.products.get(unit, subscription.productId);
    await emitRevoked(unit, credential, groupsOf(product));
    await unit.audit(audit);
    return credential;
  }
}
