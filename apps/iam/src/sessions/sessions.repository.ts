import { newId } from '@tollgate/contracts';
import { hashSecretToken, newSecretToken } from '@tollgate/auth';
import { consoleSessionLife, type IssuedSession } from '@tollgate/contracts/rest/iam';
import { readPage, type PageRequest, type UnitOfWork } from '@tollgate/persistence';
import type { Page } from '@tollgate/contracts/rest';
import { IsNull, MoreThan, Not } from 'typeorm';
import { SessionEntity } from './session.entity.ts';

/** A session that is not used ends after this time. */
export const sessionIdleMs = consoleSessionLife.idleMs;

/** Who begins a session, and from where. */
export interface SessionStart {
  userId: string;
  tenantId: string | null;
  address: string;
}

/** Sessions, in system units only. */
export const sessionsRepository = {
  /** Makes a session and the token that only its owner will know. */
  async begin(unit: UnitOfWork, start: SessionStart): Promise<IssuedSession> {
    const id = newId('ses');
    const token = newSecretToken('ses');
    const now = new Date();
    const expiresAt = new Date(now.getTime() + sessionIdleMs);
    await unit.manager.insert(SessionEntity, {
      ...start,
      id,
      tokenHash: hashSecretToken(token),
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      endedAt: null,
    });
    const { userId, tenantId } = start;
    return { sessionId: id, token, expiresAt: expiresAt.toISOString(), userId, tenantId };
  },

  listActive: (unit: UnitOfWork, userId: string, page: PageRequest): Promise<Page<SessionEntity>> =>
    readPage(
      unit.manager
        .createQueryBuilder(SessionEntity, 'session')
        .where('session.userId = :userId and session.endedAt is null and session.expiresAt > now()', { userId }),
      page,
      { direction: 'desc' },
    ),

  /** Ends one session of a person. False: there is no such session. */
  async end(unit: UnitOfWork, userId: string, id: string): Promise<boolean> {
    const ended = await unit.manager.update(SessionEntity, { id, userId, endedAt: IsNull() }, { endedAt: new Date() });
    return ended.affected === 1;
  },

  /** Ends all sessions of a person, or those that act in one tenant. Returns their ids. */
  async endAll(
    unit: UnitOfWork,
    userId: string,
    only: { tenantId?: string; exceptId?: string | undefined },
  ): Promise<string[]> {
    const where = {
      userId,
      endedAt: IsNull(),
      ...(only.tenantId === undefined ? {} : { tenantId: only.tenantId }),
      ...(only.exceptId === undefined ? {} : { id: Not(only.exceptId) }),
    };
    const sessions = await unit.manager.find(SessionEntity, { select: { id: true }, where });
    await unit.manager.update(SessionEntity, where, { endedAt: new Date() });
    return sessions.map(({ id }) => id);
  },

  async moveTo(unit: UnitOfWork, id: string, tenantId: string): Promise<void> {
    await unit.manager.update(SessionEntity, id, { tenantId });
  },

  listAll: (unit: UnitOfWork, userId: string): Promise<SessionEntity[]> =>
    unit.manager.find(SessionEntity, { where: { userId }, order: { id: 'ASC' } }),

  async endedSince(unit: UnitOfWork, since: Date): Promise<string[]> {
    const where = { endedAt: MoreThan(since) };
    const rows = await unit.manager.find(SessionEntity, { select: { id: true }, where });
    return rows.map(({ id }) => id);
  },

  /** Whether it exists and was not ended. */
  isAlive: (unit: UnitOfWork, id: string): Promise<boolean> =>
    unit.manager.existsBy(SessionEntity, { id, endedAt: IsNull() }),
};
