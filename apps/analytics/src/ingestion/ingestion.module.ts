import { Module } from '@nestjs/common';
import { QuotasModule } from '../quotas/quotas.module.ts';
import { IngestionMetrics } from './ingestion.metrics.ts';
import { IngestionRepository } from './ingestion.repository.ts';
import { IngestionService } from './ingestion.service.ts';
import { UsageConsumer } from './usage.consumer.ts';

@Module({
  imports: [QuotasModule],
  providers: [IngestionRepository, IngestionMetrics, IngestionService, UsageConsumer],
})
export class IngestionModule {}
