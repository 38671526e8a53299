import { Inject, Injectable } from '@nestjs/common';
import type { AuditEntry } from '@tollgate/contracts/events';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { eraseMe, type exportMe, iamErrors, type PersonalData } from '@tollgate/contracts/rest/iam';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { accessTokensRepository } from '../access-tokens/access-tokens.repository.ts';
import { auditRepository } from '../audit/audit.repository.ts';
import { LoginService } from '../auth/login.service.ts';
import { invitationsRepository } from '../invitations/invitations.repository.ts';
import { membersRepository } from '../members/members.repository.ts';
import { mailsRepository } from '../operators/mails.repository.ts';
import { RevocationList } from '../revocations/revocation-list.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { personOf } from '../shared/person.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { usersRepository } from '../users/users.repository.ts';
import { confirmPassword } from './confirm-password.ts';

const purpose = 'people';
const exportedEntriesAtMost = 10_000;

/** What people may ask for by law: all that is known of them, and to be forgotten. */
@Injectable()
export class ErasureService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LoginService) private readonly logins: LoginService,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  export(call: EndpointCall<typeof exportMe>): Promise<PersonalData> {
    const userId = personOf(call).id;
    return this.database.inSystem(purpose, async (unit) => {
      const { id, email, name, createdAt } = await usersRepository.get(unit, userId);
      const tenants = await tenantsRepository.listOf(unit, userId);
      const sessions = await sessionsRepository.listAll(unit, userId);
      const audited = await auditRepository.listPersonalOf(unit, userId, exportedEntriesAtMost);
      return {
        user: { id, email, name, createdAt: createdAt.toISOString() },
        memberships: tenants.map((tenant) => ({ tenantId: tenant.tenantId, name: tenant.name, role: tenant.role })),
        sessions: sessions.map((row) => ({ id: row.id, address: row.address, createdAt: row.createdAt.toISOString() })),
        auditLog: audited.map(({ tenantId, sequence, actorName, address }) => ({
          tenantId,
          sequence: Number(sequence),
          name: actorName,
          address,
        })),
      };
    });
  }

  /** Deletes the person; the audit log keeps an id that leads nowhere. */
  async erase(call: EndpointCall<typeof eraseMe>): Promise<void> {
    const { id: userId, tenantId } = personOf(call);
    const user = await this.database.inSystem(purpose, (unit) => usersRepository.get(unit, userId));
    await confirmPassword(this.logins, user, call.body.password);
    const ended = await this.database.inSystem(
      purpose,
      async (unit) => {
        await leaveTenants(unit, userId);
        const credentials = [
          ...(await sessionsRepository.endAll(unit, userId, {})),
          ...(await accessTokensRepository.revokeAll(unit, userId)),
        ];
        await unit.audit(erasureEntry(call.requestId, userId));
        await deletePerson(unit, user);
        return credentials;
      },
      tenantId === undefined ? {} : { tenantId },
    );
    await this.revocations.publish(ended);
  }
}

/** @throws ApiError `member.last_owner` when an organisation would have no owner left. */
async function leaveTenants(unit: UnitOfWork, userId: string): Promise<void> {
  for (const { tenantId, role } of await tenantsRepository.listOf(unit, userId)) {
    const owners = await membersRepository.lockOwners(unit, tenantId);
    if (role === 'owner' && owners.every((owner) => owner.userId === userId)) {
      throw new ApiError(iamErrors.lastOwner, { detail: `Make somebody else an owner of ${tenantId} first.` });
    }
  }
  await membersRepository.deleteAllOf(unit, userId);
}

async function deletePerson(unit: UnitOfWork, { id, email }: UserEntity): Promise<void> {
  await auditRepository.erasePersonalOf(unit, id);
  await mailsRepository.deleteAllTo(unit, email);
  await invitationsRepository.deleteAllTo(unit, email);
  await usersRepository.delete(unit, id);
}

/** Without name and address, unlike other entries. */
function erasureEntry(requestId: string, userId: string): AuditEntry {
  const person = { kind: 'user', id: userId };
  return { action: `iam.${eraseMe.audit}`, actor: person, object: person, requestId, details: {} };
}
