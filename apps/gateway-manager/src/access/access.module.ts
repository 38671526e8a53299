import { Module } from '@nestjs/common';
import { SequencesModule } from '../sequences/sequences.module.ts';
import { AccessStateProjection } from './access-state.projection.ts';
import { AccessStateRepository } from './access-state.repository.ts';
import { AccessStateService } from './access-state.service.ts';
import { PortalProjection } from './portal-projection.ts';
import { PortalConsumer } from './portal.consumer.ts';
import { PortalRepository } from './portal.repository.ts';
import { QuotaMetersProjection } from './quota-meters.projection.ts';
import { QuotaMetersRepository } from './quota-meters.repository.ts';
import { QuotasConsumer } from './quotas.consumer.ts';

/** What is live without a publish. */
@Module({
  imports: [SequencesModule],
  providers: [
    AccessStateRepository,
    AccessStateService,
    PortalRepository,
    PortalProjection,
    PortalConsumer,
    AccessStateProjection,
    QuotaMetersRepository,
    QuotasConsumer,
    QuotaMetersProjection,
  ],
  exports: [AccessStateService, AccessStateRepository, PortalProjection],
})
export class AccessModule {}
