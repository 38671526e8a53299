import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { LessThan, MoreThan } from 'typeorm';
import { DeveloperSessionEntity } from './developer-session.entity.ts';

/** A developer's session, known by the hash of its token. */
export type DeveloperSession = DeveloperSessionEntity;

@Injectable()
export class SessionsRepository {
  async insert({ manager }: UnitOfWork, session: DeveloperSession): Promise<void> {
    await manager.insert(DeveloperSessionEntity, session);
  }

  /** The session that a token stands for, unless its time is over; for a system unit. */
  async find({ manager }: UnitOfWork, tokenSha256: string): Promise<DeveloperSession | null> {
    return manager.findOneBy(DeveloperSessionEntity, { tokenSha256, expiresAt: MoreThan(new Date()) });
  }

  /** Sessions of a developer, newest first. */
  async list({ manager }: UnitOfWork, developerId: string, limit: number): Promise<DeveloperSession[]> {
    return manager.find(DeveloperSessionEntity, { where: { developerId }, order: { id: 'desc' }, take: limit });
  }

  /** Ends one session, or all of a developer, and returns the hashes of their tokens. */
  async delete({ manager }: UnitOfWork, which: { id: string } | { developerId: string }): Promise<string[]> {
    const sessions = await manager.findBy(DeveloperSessionEntity, which);
    await manager.delete(DeveloperSessionEntity, which);
    return sessions.map(({ tokenSha256 }) => tokenSha256);
  }

  /** Deletes sessions of all tenants past their time; for a system unit. */
  async forgetExpired({ manager }: UnitOfWork, before: Date): Promise<void> {
    await manager.delete(DeveloperSessionEntity, { expiresAt: LessThan(before) });
  }
}
