import { Inject, Injectable } from '@nestjs/common';
import { type LiveChange, liveChannel } from '@tollgate/contracts/rest/console';
import { LOGGER, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { GroupProgress } from './acknowledgements.ts';

/**
 * Tells who looks at a group's publishing that data planes have answered. No event: with a thousand data planes each publish would put
 * a thousand on the bus. What is lost here is read with the next look.
 */
@Injectable()
export class AcknowledgementNews {
  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One announcement per group, however many data planes answered about its revisions. */
  announce(rows: readonly GroupProgress[]): void {
    const told = rows.filter(({ revision, refusal }) => revision !== null || refusal?.sequence === 'revision');
    const groups = new Map(told.map(({ groupId, tenantId }) => [groupId, tenantId]));
    for (const [groupId, tenantId] of groups) {
      const changes: LiveChange[] = [{ topic: 'gateway.acknowledgement', groupId }];
      this.redis
        .publish(liveChannel(tenantId), JSON.stringify(changes))
        .catch((err: unknown) => this.logger.warn({ err, groupId }, 'acknowledgement was not announced'));
    }
  }
}
