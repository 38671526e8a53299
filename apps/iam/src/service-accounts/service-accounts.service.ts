import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  createServiceAccount,
  deleteServiceAccount,
  type getServiceAccount,
  type listServiceAccounts,
  type ServiceAccount,
  updateServiceAccount,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage } from '@tollgate/persistence';
import { principalOf, tenantOf } from '@tollgate/platform';
import { accessTokensRepository } from '../access-tokens/access-tokens.repository.ts';
import { RevocationList } from '../revocations/revocation-list.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import { refuseTaken } from '../shared/taken.ts';
import type { ServiceAccountEntity } from './service-account.entity.ts';
import { serviceAccountsRepository } from './service-accounts.repository.ts';

const uniqueNames = { service_accounts_name_key: '/name' };

/** Programs that act in an organisation. Nobody gives one more rights than they have. */
@Injectable()
export class ServiceAccountsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  async list(call: EndpointCall<typeof listServiceAccounts>): Promise<Page<ServiceAccount>> {
    const page = await this.database.inTenant(tenantOf(call), (unit) =>
      serviceAccountsRepository.list(unit, call.query),
    );
    return mapPage(page, toServiceAccount);
  }

  get(call: EndpointCall<typeof getServiceAccount>): Promise<ServiceAccount> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toServiceAccount(await serviceAccountsRepository.get(unit, call.params.serviceAccountId)),
    );
  }

  async create(call: EndpointCall<typeof createServiceAccount>): Promise<ServiceAccount> {
    const tenantId = tenantOf(call);
    requireRights(principalOf(call), call.body.permissions);
    const row: ServiceAccountEntity = { ...call.body, id: newId('sva'), tenantId, version: 1, createdAt: new Date() };
    await refuseTaken(uniqueNames, () =>
      this.database.inTenant(tenantId, async (unit) => {
        await serviceAccountsRepository.insert(unit, row);
        const { permissions } = row;
        await unit.audit(
          auditEntry(call, createServiceAccount, { kind: 'service-account', id: row.id }, { permissions }),
        );
      }),
    );
    return toServiceAccount(row);
  }

  async update(call: EndpointCall<typeof updateServiceAccount>): Promise<ServiceAccount> {
    const id = call.params.serviceAccountId;
    return refuseTaken(uniqueNames, () =>
      this.database.inTenant(tenantOf(call), async (unit) => {
        const row = await serviceAccountsRepository.get(unit, id);
        requireRights(principalOf(call), [...row.permissions, ...(call.body.permissions ?? [])]);
        const change = { id, expectedVersion: call.ifMatch ?? 0, set: call.body };
        const version = await serviceAccountsRepository.update(unit, change);
        const changed = { ...row, ...call.body, version };
        const { permissions } = changed;
        await unit.audit(auditEntry(call, updateServiceAccount, { kind: 'service-account', id }, { permissions }));
        return toServiceAccount(changed);
      }),
    );
  }

  async delete(call: EndpointCall<typeof deleteServiceAccount>): Promise<void> {
    const id = call.params.serviceAccountId;
    const revoked = await this.database.inTenant(tenantOf(call), async (unit) => {
      const row = await serviceAccountsRepository.get(unit, id);
      requireRights(principalOf(call), row.permissions);
      await serviceAccountsRepository.delete(unit, { id, expectedVersion: call.ifMatch ?? 0 });
      await unit.audit(auditEntry(call, deleteServiceAccount, { kind: 'service-account', id }));
      return accessTokensRepository.revokeAll(unit, id);
    });
    await this.revocations.publish(revoked);
  }
}

function toServiceAccount(row: ServiceAccountEntity): ServiceAccount {
  const { id, name, description, permissions, version, createdAt } = row;
  return { id, name, description, permissions, version, createdAt: createdAt.toISOString() };
}
