import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, newSecretToken } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { rolePermissions } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  createInvitation,
  iamErrors,
  type Invitation,
  type listInvitations,
  revokeInvitation,
} from '@tollgate/contracts/rest/iam';
import { MailBox } from '@tollgate/notify';
import { Database, mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, PLATFORM_CONFIG, type PlatformConfig, principalOf, tenantOf } from '@tollgate/platform';
import { IsNull } from 'typeorm';
import { MembershipEntity } from '../members/member.entity.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import { TenantEntity } from '../tenants/tenant.entity.ts';
import { InvitationEntity } from './invitation.entity.ts';

const lifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** Invites people by mail and takes invitations back. */
@Injectable()
export class InvitationsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MailBox) private readonly mailBox: MailBox,
    @Inject(PLATFORM_CONFIG) private readonly config: PlatformConfig,
  ) {}

  async list(call: EndpointCall<typeof listInvitations>): Promise<Page<Invitation>> {
    const page = await this.database.inTenant(tenantOf(call), ({ manager }) =>
      readPage(manager.createQueryBuilder(InvitationEntity, 'invitation'), call.query, { direction: 'desc' }),
    );
    return mapPage(page, toInvitation);
  }

  async create(call: EndpointCall<typeof createInvitation>): Promise<Invitation> {
    const principal = principalOf(call);
    const tenantId = tenantOf(call);
    const { email, role } = call.body;
    requireRights(principal, rolePermissions[role]);
    return this.database.inTenant(tenantId, async (unit) => {
      await refuseMember(unit, email);
      await revokePending(unit, { email });
      const token = newSecretToken('inv');
      const invitation: InvitationEntity = {
        id: newId('inv'),
        tenantId,
        email,
        role,
        tokenHash: hashSecretToken(token),
        invitedBy: principal.id,
        expiresAt: new Date(Date.now() + lifetimeMs),
        acceptedAt: null,
        revokedAt: null,
        createdAt: new Date(),
      };
      await unit.manager.insert(InvitationEntity, invitation);
      await this.mailLink(unit, invitation, { token, inviter: principal.name ?? 'A colleague' });
      await unit.audit(auditEntry(call, createInvitation, { kind: 'invitation', id: invitation.id }, { role }));
      return toInvitation(invitation);
    });
  }

  async revoke(call: EndpointCall<typeof revokeInvitation>): Promise<void> {
    const id = call.params.invitationId;
    await this.database.inTenant(tenantOf(call), async (unit) => {
      const revoked = await revokePending(unit, { id });
      if (revoked === 0) throw new ApiError(commonErrors.notFound);
      await unit.audit(auditEntry(call, revokeInvitation, { kind: 'invitation', id }));
    });
  }

  private async mailLink(
    unit: UnitOfWork,
    invitation: InvitationEntity,
    { token, inviter }: { token: string; inviter: string },
  ): Promise<void> {
    const tenant = await unit.manager.findOneByOrFail(TenantEntity, { id: invitation.tenantId });
    await this.mailBox.post(unit, {
      to: invitation.email,
      subject: `Join ${tenant.name} on Tollgate`,
      text: `Hello,

${inviter} invites you to join ${tenant.name} as ${invitation.role}.
Accept within a week with this link:
${this.config.PUBLIC_CONSOLE_URL}/accept-invitation?token=${token}
`,
    });
  }
}

async function refuseMember(unit: UnitOfWork, email: string): Promise<void> {
  const isMember = await unit.manager.existsBy(MembershipEntity, { person: { email } });
  if (isMember) throw new ApiError(iamErrors.alreadyMember);
}

async function revokePending(unit: UnitOfWork, which: { id: string } | { email: string }): Promise<number> {
  const where = { ...which, acceptedAt: IsNull(), revokedAt: IsNull() };
  const revoked = await unit.manager.update(InvitationEntity, where, { revokedAt: new Date() });
  return revoked.affected ?? 0;
}

function toInvitation(row: InvitationEntity): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    status: statusOf(row),
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}

function statusOf(row: InvitationEntity): Invitation['status'] {
  if (row.acceptedAt) return 'accepted';
  if (row.revokedAt) return 'revoked';
  return row.expiresAt.getTime() <= Date.now() ? 'expired' : 'pending';
}
