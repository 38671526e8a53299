import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type { Credential, listCredentials, revokeCredential } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { CredentialsRepository } from './credentials.repository.ts';
import { Revocation } from './revocation.ts';

/** Credentials as a tenant's admins see and revoke them. */
@Injectable()
export class CredentialsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(CredentialsRepository) private readonly credentials: CredentialsRepository,
    @Inject(Revocation) private readonly revocation: Revocation,
  ) {}

  list(call: EndpointCall<typeof listCredentials>): Promise<Page<Credential>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id } = await this.subscriptions.get(unit, call.params.subscriptionId);
      return this.credentials.list(unit, id, call.query);
    });
  }

  revoke(call: EndpointCall<typeof revokeCredential>): Promise<Credential> {
    const { subscriptionId, credentialId } = call.params;
    const audit = auditOf(call, { action: 'credential.revoke', object: { kind: 'credential', id: credentialId } });
    const work = async (unit: UnitOfWork): Promise<Credential> => {
      const subscription = await this.subscriptions.lock(unit, subscriptionId);
      return this.revocation.revoke(unit, subscription, credentialId, audit);
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }
}
