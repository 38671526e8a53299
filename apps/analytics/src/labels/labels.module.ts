import { Module } from '@nestjs/common';
import { QuotasModule } from '../quotas/quotas.module.ts';
import { LabelsConsumer } from './labels.consumer.ts';
import { LabelsRepository } from './labels.repository.ts';
import { RouteLabelsCopier } from './route-labels.copier.ts';
import { RouteLabelsRepository } from './route-labels.repository.ts';

@Module({
  imports: [QuotasModule],
  providers: [LabelsRepository, RouteLabelsRepository, LabelsConsumer, RouteLabelsCopier],
  exports: [LabelsRepository, RouteLabelsRepository],
})
export class LabelsModule {}
