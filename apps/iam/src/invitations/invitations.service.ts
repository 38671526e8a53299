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
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, PLATFORM_CONFIG, type PlatformConfig, principalOf, tenantOf } from '@tollgate/platform';
import { membersRepository } from '../members/members.repository.ts';
import { auditEntry } from '../shared/audit.ts';
import { requireRights } from '../shared/rights.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';
import type { InvitationEntity } from './invitation.entity.ts';
import { invitationsRepository } from './invitations.repository.ts';

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
    const page = await this.database.inTenant(tenantOf(call), (unit) => invitationsRepository.list(unit, call.query));
    return mapPage(page, toInvitation);
  }

  async create(call: EndpointCall<typeof createInvitation>): Promise<Invitation> {
    const principal = principalOf(call);
    const tenantId = tenantOf(call);
    const { email, role } = call.body;
    requireRights(principal, rolePermissions[role]);
    return this.database.inTenant(tenantId, async (unit) => {
      if (await membersRepository.hasEmail(unit, email)) throw new ApiError(iamErrors.alreadyMember);
      await invitationsRepository.revokePending(unit, { email });
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
      await invitationsRepository.insert(unit, invitation);
      await this.mailLink(unit, invitation, { token, inviter: principal.name ?? 'A colleague' });
      await unit.audit(auditEntry(call, createInvitation, { kind: 'invitation', id: invitation.id }, { role }));
      return toInvitation(invitation);
    });
  }

  async revoke(call: EndpointCall<typeof revokeInvitation>): Promise<void> {
    const id = call.params.invitationId;
    await this.database.inTenant(tenantOf(call), async (unit) => {
      const revoked = await invitationsRepository.revokePending(unit, { id });
      if (revoked === 0) throw new ApiError(commonErrors.notFound);
      await unit.audit(auditEntry(call, revokeInvitation, { kind: 'invitation', id }));
    });
  }

  private async mailLink(
    unit: UnitOfWork,
    invitation: InvitationEntity,
    { token, inviter }: { token: string; inviter: string },
  ): Promise<void> {
    const tenant = await tenantsRepository.get(unit, invitation.tenantId);
    await this.mailBox.post(unit, {
      to: invitation.email,
      subject: `Join ${tenant.name} on Tollgate`,
      text: `Hello,

${inviter} invites you to join ${tenant.name} as ${invitation.role}.
Accept within a week with this link:
${this.config.PUBLIC_CONSOLE_URL}/accept-invitation#token=${token}
`,
    });
  }
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
