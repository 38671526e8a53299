import type { Type } from '@nestjs/common';
import { PolicyTemplateVersionsController } from './policy-templates/policy-template-versions.controller.ts';
import { PolicyTemplatesController } from './policy-templates/policy-templates.controller.ts';
import { PolicyTypesController } from './policy-types/policy-types.controller.ts';

/** Every controller, for the suites over all endpoints. */
export const policyManagerControllers: readonly Type[] = [
  PolicyTypesController,
  PolicyTemplatesController,
  PolicyTemplateVersionsController,
];
