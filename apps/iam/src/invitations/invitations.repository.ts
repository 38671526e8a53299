import { hashSecretToken } from '@tollgate/auth';
import type { Page } from '@tollgate/contracts/rest';
import { iamErrors } from '@tollgate/contracts/rest/iam';
import { type PageRequest, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { IsNull, MoreThan } from 'typeorm';
import { InvitationEntity } from './invitation.entity.ts';

const pending = () => ({ acceptedAt: IsNull(), revokedAt: IsNull() });

/** Invitations: in units of a tenant, and found by their token in system units. */
export const invitationsRepository = {
  list: (unit: UnitOfWork, page: PageRequest): Promise<Page<InvitationEntity>> =>
    readPage(unit.manager.createQueryBuilder(InvitationEntity, 'invitation'), page, { direction: 'desc' }),

  async insert(unit: UnitOfWork, row: InvitationEntity): Promise<void> {
    await unit.manager.insert(InvitationEntity, row);
  },

  /** Returns how many were pending. */
  async revokePending(unit: UnitOfWork, which: { id: string } | { email: string }): Promise<number> {
    const where = { ...which, ...pending() };
    const revoked = await unit.manager.update(InvitationEntity, where, { revokedAt: new Date() });
    return revoked.affected ?? 0;
  },

  /** Locked, so that of two that accept it at once the second finds it gone. @throws ApiError `invitation.gone` */
  async getValid(unit: UnitOfWork, token: string): Promise<InvitationEntity> {
    const invitation = await unit.manager.findOne(InvitationEntity, {
      where: { tokenHash: hashSecretToken(token), ...pending(), expiresAt: MoreThan(new Date()) },
      lock: { mode: 'pessimistic_write' },
    });
    if (!invitation) throw new ApiError(iamErrors.invitationGone);
    return invitation;
  },

  async markAccepted(unit: UnitOfWork, id: string): Promise<void> {
    await unit.manager.update(InvitationEntity, id, { acceptedAt: new Date() });
  },

  async deleteAllTo(unit: UnitOfWork, email: string): Promise<void> {
    await unit.manager.delete(InvitationEntity, { email });
  },
};
