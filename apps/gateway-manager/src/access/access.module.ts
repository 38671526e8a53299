import { Module } from '@nestjs/common';
import { SequencesModule } from '../sequences/sequences.module.ts';
import { AccessReconcileJob } from './access-reconcile-job.ts';
import { AccessReconciler } from './access-reconciler.ts';
import { AccessStateController } from './access-state.controller.ts';
import { AccessStateRepository } from './access-state.repository.ts';
import { AccessStateService } from './access-state.service.ts';
import { PortalProjection } from './portal-projection.ts';
import { PortalConsumer } from './portal.consumer.ts';
import { PortalRepository } from './portal.repository.ts';
import { QuotaMetersRepository } from './quota-meters.repository.ts';
import { QuotasConsumer } from './quotas.consumer.ts';

/** What is live without a publish. */
@Module({
  imports: [SequencesModule],
  controllers: [AccessStateController],
  providers: [
    AccessStateRepository,
    AccessStateService,
    PortalRepository,
    PortalProjection,
    PortalConsumer,
    QuotaMetersRepository,
    QuotasConsumer,
    AccessReconciler,
    AccessReconcileJob,
  ],
  exports: [AccessStateService, AccessStateRepository, PortalProjection],
})
export class AccessModule {}
