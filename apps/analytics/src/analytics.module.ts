import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '@tollgate/auth';
import { busAddress, MessagingModule } from '@tollgate/messaging';
import { PersistenceModule } from '@tollgate/persistence';
import { ProjectionsModule } from '@tollgate/projections';
import { analyticsSchema } from './analytics.schema.ts';
import { BillingModule } from './billing/billing.module.ts';
import { type AnalyticsConfig, databaseUrlOf } from './config.ts';
import { IngestionModule } from './ingestion/ingestion.module.ts';
import { LabelsModule } from './labels/labels.module.ts';
import { PricesModule } from './prices/prices.module.ts';
import { ProjectionsController } from './projections/projections.controller.ts';
import { QuotasModule } from './quotas/quotas.module.ts';
import { ReportsModule } from './reports/reports.module.ts';
import { RetentionModule } from './retention/retention.module.ts';

@Module({})
export class AnalyticsModule {
  static forConfig(config: AnalyticsConfig): DynamicModule {
    return {
      module: AnalyticsModule,
      imports: [
        PersistenceModule.forService(analyticsSchema, { databaseUrl: databaseUrlOf(config) }),
        MessagingModule.forService({ service: 'analytics', ...busAddress(config) }),
        AuthModule.forService('analytics', config),
        ProjectionsModule.forService({ intervalSeconds: config.RECONCILE_INTERVAL_SECONDS }),
        IngestionModule,
        LabelsModule,
        QuotasModule,
        ReportsModule,
        PricesModule,
        BillingModule,
        RetentionModule,
      ],
      controllers: [ProjectionsController],
    };
  }
}
