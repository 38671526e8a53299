import { Module } from '@nestjs/common';
import { QuotaMeter } from './quota-meter.ts';
import { QuotaMetersRepository } from './quota-meters.repository.ts';
import { QuotaTeller } from './quota-teller.ts';
import { QuotaTellerRepository } from './quota-teller.repository.ts';
import { QuotasConsumer } from './quotas.consumer.ts';
import { QuotasRepository } from './quotas.repository.ts';

@Module({
  providers: [QuotasRepository, QuotasConsumer, QuotaMetersRepository, QuotaMeter, QuotaTellerRepository, QuotaTeller],
  exports: [QuotaMeter, QuotasRepository],
})
export class QuotasModule {}
