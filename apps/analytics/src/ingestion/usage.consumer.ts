import { Inject, Injectable } from '@nestjs/common';
import { usageBatchAccepted } from '@tollgate/contracts/events';
import { OnBatch, type ReceivedEvent } from '@tollgate/messaging';
import type { z } from 'zod';
import { IngestionService } from './ingestion.service.ts';

type UsageEvent = ReceivedEvent<z.output<typeof usageBatchAccepted.schema>>;

/** Takes accepted batches from the bus, many at a time. */
@Injectable()
export class UsageConsumer {
  constructor(@Inject(IngestionService) private readonly ingestion: IngestionService) {}

  @OnBatch(usageBatchAccepted, { consumer: 'usage', maxBatch: 500, maxWaitMs: 100 })
  async take(events: readonly UsageEvent[]): Promise<void> {
    await this.ingestion.ingest(
      events.map(({ data, envelope }) => ({ ...data, acceptedAt: Math.floor(Date.parse(envelope.time) / 1000) })),
    );
  }
}
