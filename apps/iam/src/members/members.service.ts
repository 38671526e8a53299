import { Inject, Injectable } from '@nestjs/common';
import { rolePermissions } from '@tollgate/contracts/auth';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  type getMember,
  iamErrors,
  type listMembers,
  type Member,
  removeMember,
  updateMember,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, principalOf, tenantOf } from '@tollgate/platform';
import { accessTokensRepository } from '../access-tokens/access-tokens.repository.ts';
import { RevocationList } from '../revocations/revocation-list.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import type { MembershipEntity } from './member.entity.ts';
import { membersRepository } from './members.repository.ts';

/** Members of an organisation and their roles. */
@Injectable()
export class MembersService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  async list(call: EndpointCall<typeof listMembers>): Promise<Page<Member>> {
    const { role, search, ...page } = call.query;
    const list = (unit: UnitOfWork) => membersRepository.list(unit, { role, search }, page);
    const rows = await this.database.inTenant(tenantOf(call), list);
    return mapPage(rows, toMember);
  }

  get(call: EndpointCall<typeof getMember>): Promise<Member> {
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toMember(await membersRepository.get(unit, call.params.memberId)),
    );
  }

  /** The member's sessions here end, so that no token with the old role is left. */
  async update(call: EndpointCall<typeof updateMember>): Promise<Member> {
    const id = call.params.memberId;
    const { role } = call.body;
    const { member, userId } = await this.database.inTenant(tenantOf(call), async (unit) => {
      await membersRepository.lockOwners(unit, tenantOf(call));
      const row = await membersRepository.get(unit, id);
      requireRights(principalOf(call), [...rolePermissions[row.role], ...rolePermissions[role]]);
      const version = await membersRepository.setRole(unit, { id, expectedVersion: call.ifMatch ?? 0, role });
      if (role !== 'owner') await requireOwner(unit, tenantOf(call));
      await unit.audit(auditEntry(call, updateMember, { kind: 'member', id }, { from: row.role, to: role }));
      return { member: toMember({ ...row, role, version }), userId: row.userId };
    });
    await this.endSessions(tenantOf(call), userId);
    return member;
  }

  async remove(call: EndpointCall<typeof removeMember>): Promise<void> {
    const id = call.params.memberId;
    const { userId, tokenIds } = await this.database.inTenant(tenantOf(call), async (unit) => {
      await membersRepository.lockOwners(unit, tenantOf(call));
      const row = await membersRepository.get(unit, id);
      requireRights(principalOf(call), rolePermissions[row.role]);
      await membersRepository.delete(unit, { id, expectedVersion: call.ifMatch ?? 0 });
      await requireOwner(unit, tenantOf(call));
      const revoked = await accessTokensRepository.revokeAll(unit, row.userId);
      await unit.audit(auditEntry(call, removeMember, { kind: 'member', id }, { role: row.role }));
      return { userId: row.userId, tokenIds: revoked };
    });
    await this.revocations.publish(tokenIds);
    await this.endSessions(tenantOf(call), userId);
  }

  private async endSessions(tenantId: string, userId: string): Promise<void> {
    const ended = await this.database.inSystem('people', (unit) =>
      sessionsRepository.endAll(unit, userId, { tenantId }),
    );
    await this.revocations.publish(ended);
  }
}

async function requireOwner(unit: UnitOfWork, tenantId: string): Promise<void> {
  const owners = await membersRepository.lockOwners(unit, tenantId);
  if (owners.length === 0) throw new ApiError(iamErrors.lastOwner);
}

function toMember(row: MembershipEntity): Member {
  return {
    id: row.id,
    userId: row.userId,
    name: row.person.name,
    email: row.person.email,
    role: row.role,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  };
}
