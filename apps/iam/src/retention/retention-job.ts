import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { retentionRepository } from './retention.repository.ts';

const everyMs = 60 * 60 * 1000;

/** Deletes what is past its time, once an hour; several instances may do it at once. */
@Injectable()
export class RetentionJob implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.runOnce().catch((err: unknown) =>
        this.logger.warn({ err }, 'retention failed; it is tried again in an hour'),
      );
    }, everyMs);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  async runOnce(): Promise<void> {
    await this.database.inSystem('retention', async (unit) => {
      await retentionRepository.deletePeoplesTraces(unit);
      await retentionRepository.deleteOldAuditEntries(unit);
    });
  }
}
