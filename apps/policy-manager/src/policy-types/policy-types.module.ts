import { Module } from '@nestjs/common';
import { policyCatalogue } from '@tollgate/policies';
import { POLICY_CATALOGUE } from './policy-catalogue.ts';
import { PolicyTypesController } from './policy-types.controller.ts';
import { PolicyTypesService } from './policy-types.service.ts';
import { toCatalogue } from './to-catalogue.ts';

@Module({
  controllers: [PolicyTypesController],
  providers: [{ provide: POLICY_CATALOGUE, useFactory: () => toCatalogue(policyCatalogue()) }, PolicyTypesService],
  exports: [POLICY_CATALOGUE],
})
export class PolicyTypesModule {}
