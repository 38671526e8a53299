import { Module } from '@nestjs/common';
import { QuotaMeter } from './quota-meter.ts';
import { QuotaMetersRepository } from './quota-meters.repository.ts';
import { QuotaSnapshotsController } from './quota-snapshots.controller.ts';
import { QuotaSnapshotsService } from './quota-snapshots.service.ts';
import { QuotaTeller } from './quota-teller.ts';
import { QuotaTellerRepository } from './quota-teller.repository.ts';
import { QuotasConsumer } from './quotas.consumer.ts';
import { QuotasProjection } from './quotas.projection.ts';
import { QuotasRepository } from './quotas.repository.ts';

@Module({
  controllers: [QuotaSnapshotsController],
  providers: [
    QuotasRepository,
    QuotasConsumer,
    QuotasProjection,
    QuotaSnapshotsService,
    QuotaMetersRepository,
    QuotaMeter,
    QuotaTellerRepository,
    QuotaTeller,
  ],
  exports: [QuotaMeter, QuotasRepository],
})
export class QuotasModule {}
