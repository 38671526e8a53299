import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { PasswordResetsRepository } from '../developers/password-resets.repository.ts';
import { SessionsRepository } from './sessions.repository.ts';

const everyMs = 60 * 60 * 1000;

/** Deletes sessions, mail tokens and password resets that are past their time, once an hour. */
@Injectable()
export class SessionHousekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #logger = new Logger(SessionHousekeeping.name);
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SessionsRepository) private readonly sessions: SessionsRepository,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(PasswordResetsRepository) private readonly resets: PasswordResetsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#tryOnce(), everyMs);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Deletes what is past its time now. */
  async runOnce(): Promise<void> {
    await this.database.inSystem('forget-expired', async (unit) => {
      await this.sessions.forgetExpired(unit, new Date());
      await this.developers.forgetMailTokens(unit, new Date());
      await this.resets.forgetExpired(unit, new Date());
    });
  }

  async #tryOnce(): Promise<void> {
    try {
      await this.runOnce();
    } catch (err) {
      this.#logger.warn({ err }, 'expired sessions could not be deleted; it is tried again in an hour');
    }
  }
}
