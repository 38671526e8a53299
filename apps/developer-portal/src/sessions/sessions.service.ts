import { Inject, Injectable } from '@nestjs/common';
import { type DeveloperVerifier, hashSecretToken, newSecretToken, secretTokenKind } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import type { Principal } from '@tollgate/contracts/auth';
import type { Developer } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { type DeveloperPortalConfig, PORTAL_CONFIG } from '../config.ts';
import { SessionCache } from './session-cache.ts';
import { type DeveloperSession, SessionsRepository } from './sessions.repository.ts';

/** A session as its developer gets it: the token is known nowhere else. */
export interface NewSession {
  token: string;
  expiresAt: Date;
}

/** A developer's export stays readable. */
const sessionsShown = 200;
const tokenKind = 'dev';

/** Sessions of developers. They are rows; Redis only answers faster. */
@Injectable()
export class SessionsService implements DeveloperVerifier {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(SessionCache) private readonly cache: SessionCache,
    @Inject(PORTAL_CONFIG) private readonly config: DeveloperPortalConfig,
  ) {}

  /** Who a token stands for; null when it is no developer's, or its session ended. */
  async verify(token: string): Promise<Principal | null> {
    if (secretTokenKind(token) !== tokenKind) return null;
    const hash = hashSecretToken(token);
    const cached = await this.cache.find(hash);
    if (cached !== undefined) return cached;
    const session = await this.database.inSystem('find-session', (unit) => this.sessions.find(unit, hash));
    if (session === null) return null;
    const principal = principalOf(session);
    await this.cache.remember(hash, principal, session.expiresAt);
    return principal;
  }

  /** Begins a session within the unit. */
  async begin(unit: UnitOfWork, { id: developerId, siteId }: Developer): Promise<NewSession> {
    const token = newSecretToken(tokenKind);
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + this.config.PORTAL_SESSION_HOURS * 3_600_000);
    const tokenSha256 = hashSecretToken(token);
    const tenantId = unit.tenantId ?? '';
    const session = { id: newId('ses'), tenantId, siteId, developerId, tokenSha256, createdAt, expiresAt };
    await this.sessions.insert(unit, session);
    return { token, expiresAt };
  }

  /** Sessions of a developer, newest first, as people may see them. */
  async list(unit: UnitOfWork, developerId: string): Promise<{ id: string; createdAt: string; expiresAt: string }[]> {
    const sessions = await this.sessions.list(unit, developerId, sessionsShown);
    return sessions.map(({ id, createdAt, expiresAt }) => ({
      id,
      createdAt: createdAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
    }));
  }

  /** Removes one session within the unit; hand the result to {@link forget} once the unit has committed. */
  async remove(unit: UnitOfWork, id: string): Promise<string[]> {
    return this.sessions.delete(unit, { id });
  }

  /** Removes all sessions of a developer within the unit; hand the result to {@link forget} once the unit has committed. */
  async removeAll(unit: UnitOfWork, developerId: string): Promise<string[]> {
    return this.sessions.delete(unit, { developerId });
  }

  /** Makes removed sessions end at once on every instance. */
  async forget(tokenSha256s: readonly string[]): Promise<void> {
    await this.cache.end(tokenSha256s);
  }
}

function principalOf({ id, tenantId, siteId, developerId }: DeveloperSession): Principal {
  return { kind: 'developer', id: developerId, tenantId, siteId, credentialId: id, permissions: [] };
}
