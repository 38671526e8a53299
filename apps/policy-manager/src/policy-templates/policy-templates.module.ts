import { Module } from '@nestjs/common';
import { PolicyTypesModule } from '../policy-types/policy-types.module.ts';
import { PolicyTemplateVersionsController } from './policy-template-versions.controller.ts';
import { PolicyTemplateVersionsRepository } from './policy-template-versions.repository.ts';
import { PolicyTemplateVersionsService } from './policy-template-versions.service.ts';
import { PolicyTemplatesController } from './policy-templates.controller.ts';
import { PolicyTemplatesRepository } from './policy-templates.repository.ts';
import { PolicyTemplatesService } from './policy-templates.service.ts';

@Module({
  imports: [PolicyTypesModule],
  controllers: [PolicyTemplatesController, PolicyTemplateVersionsController],
  providers: [
    PolicyTemplatesRepository,
    PolicyTemplateVersionsRepository,
    PolicyTemplatesService,
    PolicyTemplateVersionsService,
  ],
})
export class PolicyTemplatesModule {}
