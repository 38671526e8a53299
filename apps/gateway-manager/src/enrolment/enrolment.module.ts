import { Module } from '@nestjs/common';
import { CaModule } from '../ca/ca.module.ts';
import { EnrolmentTokensController } from './enrolment-tokens.controller.ts';
import { EnrolmentTokensRepository } from './enrolment-tokens.repository.ts';
import { EnrolmentTokensService } from './enrolment-tokens.service.ts';
import { EnrolmentService } from './enrolment.service.ts';
import { InstancesRepository } from './instances.repository.ts';

@Module({
  imports: [CaModule],
  controllers: [EnrolmentTokensController],
  providers: [EnrolmentTokensRepository, EnrolmentTokensService, InstancesRepository, EnrolmentService],
  exports: [EnrolmentService],
})
export class EnrolmentModule {}
