import { Inject, Injectable } from '@nestjs/common';
import { rolePermissions } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  type getMember,
  iamErrors,
  type listMembers,
  type Member,
  removeMember,
  updateMember,
} from '@tollgate/contracts/rest/iam';
import { Database, deleteVersioned, mapPage, readPage, type UnitOfWork, updateVersioned } from '@tollgate/persistence';
import { ApiError, principalOf, tenantOf } from '@tollgate/platform';
import { accessTokensRepository } from '../access-tokens/access-tokens.repository.ts';
import { RevocationList } from '../revocations/revocation-list.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import { MembershipEntity } from './member.entity.ts';

/** Members of an organisation and their roles. */
@Injectable()
export class MembersService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  async list(call: EndpointCall<typeof listMembers>): Promise<Page<Member>> {
    const { role, ...page } = call.query;
    const rows = await this.database.inTenant(tenantOf(call), ({ manager }) => {
      const query = manager
        .createQueryBuilder(MembershipEntity, 'member')
        .innerJoinAndSelect('member.person', 'person');
      if (role !== undefined) query.andWhere('member.role = :role', { role });
      return readPage(query, page);
    });
    return mapPage(rows, toMember);
  }

  get(call: EndpointCall<typeof getMember>): Promise<Member> {
    return this.database.inTenant(tenantOf(call), async (unit) => toMember(await getRow(unit, call.params.memberId)));
  }

  /** The member's sessions here end, so that no token with the old role is left. */
  async update(call: EndpointCall<typeof updateMember>): Promise<Member> {
    const id = call.params.memberId;
    const { role } = call.body;
    const { member, userId } = await this.database.inTenant(tenantOf(call), async (unit) => {
      await lockOwners(unit);
      const row = await getRow(unit, id);
      requireRights(principalOf(call), [...rolePermissions[row.role], ...rolePermissions[role]]);
      const version = await updateVersioned(unit, MembershipEntity, {
        id,
        expectedVersion: call.ifMatch ?? 0,
        set: { role },
      });
      if (role !== 'owner') await requireOwner(unit);
      await unit.audit(auditEntry(call, updateMember, { kind: 'member', id }, { from: row.role, to: role }));
      return { member: toMember({ ...row, role, version }), userId: row.userId };
    });
    await this.endSessions(tenantOf(call), userId);
    return member;
  }

  async remove(call: EndpointCall<typeof removeMember>): Promise<void> {
    const id = call.params.memberId;
    const { userId, tokenIds } = await this.database.inTenant(tenantOf(call), async (unit) => {
      await lockOwners(unit);
      const row = await getRow(unit, id);
      requireRights(principalOf(call), rolePermissions[row.role]);
      await deleteVersioned(unit, MembershipEntity, { id, expectedVersion: call.ifMatch ?? 0 });
      await requireOwner(unit);
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

async function getRow(unit: UnitOfWork, id: string): Promise<MembershipEntity> {
  const row = await unit.manager.findOne(MembershipEntity, { where: { id }, relations: { person: true } });
  if (!row) throw new ApiError(commonErrors.notFound);
  return row;
}

/** Before a change, always in the same order: two owners who step down at once wait for each other instead of both leaving. */
async function lockOwners(unit: UnitOfWork): Promise<void> {
  await findOwners(unit);
}

async function requireOwner(unit: UnitOfWork): Promise<void> {
  const owners = await findOwners(unit);
  if (owners.length === 0) throw new ApiError(iamErrors.lastOwner);
}

function findOwners(unit: UnitOfWork): Promise<MembershipEntity[]> {
  return unit.manager.find(MembershipEntity, {
    where: { role: 'owner' },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
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
