import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { internalTokenTtlSeconds, revocationKey } from '@tollgate/auth';
import { Database } from '@tollgate/persistence';
import { LOGGER, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { accessTokensRepository } from '../access-tokens/access-tokens.repository.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';

/** An internal token may outlive the revocation of its credential by its own life and the clocks' difference. */
const rememberSeconds = internalTokenTtlSeconds * 2;

/**
 * Tells all services at once that a session or token is over, so that internal tokens that were issued for it stop before their minute
 * is up. The rows are the truth; Redis holds what is recent, and gets it again whenever it was away.
 */
@Injectable()
export class RevocationList implements OnApplicationBootstrap {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(Database) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.redis.on('ready', () => {
      this.publishRecent().catch((err: unknown) => this.logger.error({ err }, 'recent revocations were not published'));
    });
  }

  /** Call it after the unit that ended the credentials has committed. Never fails: without Redis services ask iam. */
  async publish(credentialIds: readonly string[]): Promise<void> {
    if (credentialIds.length === 0) return;
    const batch = this.redis.multi();
    for (const id of credentialIds) batch.set(revocationKey(id), '1', 'EX', rememberSeconds);
    try {
      await batch.exec();
    } catch (err) {
      this.logger.error({ err }, 'revocations were not published; they will be when Redis is back');
    }
  }

  /** Publishes again what was revoked while Redis may have been away. */
  async publishRecent(): Promise<void> {
    const since = new Date(Date.now() - rememberSeconds * 1000);
    const ids = await this.database.inSystem('resolve-credential', async (unit) => [
      ...(await sessionsRepository.endedSince(unit, since)),
      ...(await accessTokensRepository.revokedSince(unit, since)),
    ]);
    await this.publish(ids);
  }

  /** Whether a credential is over, by the rows. Unknown ones are. */
  async isRevoked(credentialId: string): Promise<boolean> {
    const repository = credentialId.startsWith('ses_') ? sessionsRepository : accessTokensRepository;
    return this.database.inSystem(
      'resolve-credential',
      async (unit) => !(await repository.isAlive(unit, credentialId)),
    );
  }
}
