import { hashSecretToken, newSecretToken } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import type { Permission } from '@tollgate/contracts/auth';
import type { Page } from '@tollgate/contracts/rest';
import type { AccessToken, IssuedAccessToken } from '@tollgate/contracts/rest/iam';
import { mapPage, readPage, type PageRequest, type UnitOfWork } from '@tollgate/persistence';
import { IsNull, MoreThan } from 'typeorm';
import { AccessTokenEntity } from './access-token.entity.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Whose token it is to be, and what it may do. */
export interface NewAccessToken {
  tenantId: string;
  ownerKind: AccessTokenEntity['ownerKind'];
  ownerId: string;
  createdBy: string;
  name: string;
  permissions: Permission[];
  expiresInDays: number;
}

/** Access tokens of people and service accounts: in units of a tenant, and across tenants in system units. */
export const accessTokensRepository = {
  async issue(unit: UnitOfWork, { expiresInDays, ...given }: NewAccessToken): Promise<IssuedAccessToken> {
    const token = newSecretToken(given.ownerKind === 'user' ? 'pat' : 'sva');
    const row: AccessTokenEntity = {
      ...given,
      id: newId('tok'),
      tokenHash: hashSecretToken(token),
      hint: token.slice(-4),
      expiresAt: new Date(Date.now() + expiresInDays * dayMs),
      revokedAt: null,
      lastUsedAt: null,
      createdAt: new Date(),
    };
    await unit.manager.insert(AccessTokenEntity, row);
    return { ...toAccessToken(row), token };
  },

  async list(unit: UnitOfWork, ownerId: string, page: PageRequest): Promise<Page<AccessToken>> {
    const query = unit.manager
      .createQueryBuilder(AccessTokenEntity, 'token')
      .where('token.ownerId = :ownerId and token.revokedAt is null', { ownerId });
    return mapPage(await readPage(query, page, { direction: 'desc' }), toAccessToken);
  },

  /** False: the owner has no such token. */
  async revoke(unit: UnitOfWork, ownerId: string, id: string): Promise<boolean> {
    const where = { id, ownerId, revokedAt: IsNull() };
    const revoked = await unit.manager.update(AccessTokenEntity, where, { revokedAt: new Date() });
    return revoked.affected === 1;
  },

  /** Returns the ids of the tokens that were not revoked before. */
  async revokeAll(unit: UnitOfWork, ownerId: string): Promise<string[]> {
    const where = { ownerId, revokedAt: IsNull() };
    const tokens = await unit.manager.find(AccessTokenEntity, { select: { id: true }, where });
    await unit.manager.update(AccessTokenEntity, where, { revokedAt: new Date() });
    return tokens.map(({ id }) => id);
  },

  async revokedSince(unit: UnitOfWork, since: Date): Promise<string[]> {
    const where = { revokedAt: MoreThan(since) };
    const rows = await unit.manager.find(AccessTokenEntity, { select: { id: true }, where });
    return rows.map(({ id }) => id);
  },

  /** Whether it exists and was not revoked. */
  isAlive: (unit: UnitOfWork, id: string): Promise<boolean> =>
    unit.manager.existsBy(AccessTokenEntity, { id, revokedAt: IsNull() }),
};

function toAccessToken(row: AccessTokenEntity): AccessToken {
  return {
    id: row.id,
    name: row.name,
    permissions: row.permissions,
    hint: row.hint,
    expiresAt: row.expiresAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
