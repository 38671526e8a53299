import { Module } from '@nestjs/common';
import { QuotasModule } from '../quotas/quotas.module.ts';
import { LabelsConsumer } from './labels.consumer.ts';
import { BillingZonesProjection, LabelsProjection } from './labels.projections.ts';
import { LabelsRepository } from './labels.repository.ts';
import { RouteLabelsCopier } from './route-labels.copier.ts';
import { RouteLabelsRepository } from './route-labels.repository.ts';
import { RouteNamesProjection } from './route-names.projection.ts';

@Module({
  imports: [QuotasModule],
  providers: [
    LabelsRepository,
    RouteLabelsRepository,
    LabelsConsumer,
    RouteLabelsCopier,
    BillingZonesProjection,
    LabelsProjection,
    RouteNamesProjection,
  ],
  exports: [LabelsRepository, RouteLabelsRepository],
})
export class LabelsModule {}
