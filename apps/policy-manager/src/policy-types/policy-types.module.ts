import { Module } from '@nestjs/common';
import { POLICY_CATALOGUE, releasedCatalogue } from './policy-catalogue.ts';
import { PolicyTypesController } from './policy-types.controller.ts';
import { PolicyTypesService } from './policy-types.service.ts';

@Module({
  controllers: [PolicyTypesController],
  providers: [{ provide: POLICY_CATALOGUE, useFactory: releasedCatalogue }, PolicyTypesService],
  exports: [POLICY_CATALOGUE],
})
export class PolicyTypesModule {}
