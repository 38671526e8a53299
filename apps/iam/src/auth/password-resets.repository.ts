import { hashSecretToken } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { iamErrors } from '@tollgate/contracts/rest/iam';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { type FindOptionsWhere, IsNull, MoreThan } from 'typeorm';
import { PasswordResetEntity } from './password-reset.entity.ts';

/** Links for new passwords, in system units. */
export const passwordResetsRepository = {
  async insert(unit: UnitOfWork, link: { userId: string; token: string; expiresAt: Date }): Promise<void> {
    const { userId, token, expiresAt } = link;
    const row = { id: newId('tok'), userId, tokenHash: hashSecretToken(token), expiresAt, usedAt: null };
    await unit.manager.insert(PasswordResetEntity, row);
  },

  /** Whose link it is. @throws ApiError `password_reset.gone` */
  async getUserId(unit: UnitOfWork, token: string): Promise<string> {
    const link = await unit.manager.findOneBy(PasswordResetEntity, usable(token));
    if (!link) throw new ApiError(iamErrors.resetLinkGone);
    return link.userId;
  },

  /** Uses up the link, and all others of its person. @throws ApiError `password_reset.gone` */
  async take(unit: UnitOfWork, token: string): Promise<void> {
    const link = await unit.manager.findOne(PasswordResetEntity, {
      where: usable(token),
      lock: { mode: 'pessimistic_write' },
    });
    if (!link) throw new ApiError(iamErrors.resetLinkGone);
    const { userId } = link;
    await unit.manager.update(PasswordResetEntity, { userId, usedAt: IsNull() }, { usedAt: new Date() });
  },
};

function usable(token: string): FindOptionsWhere<PasswordResetEntity> {
  return { tokenHash: hashSecretToken(token), usedAt: IsNull(), expiresAt: MoreThan(new Date()) };
}
