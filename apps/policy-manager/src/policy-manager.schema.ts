import { defineServiceSchema } from '@tollgate/persistence';
import { PolicyTemplates1760000001000 } from './migrations/1760000001000-policy-templates.ts';
import { TemplateLists1760000004000 } from './migrations/1760000004000-template-lists.ts';
import { PolicyTemplateVersionEntity } from './policy-templates/policy-template-version.entity.ts';
import { PolicyTemplateEntity } from './policy-templates/policy-template.entity.ts';

/** This service's part of the database. */
export const policyManagerSchema = defineServiceSchema({
  service: 'policy-manager',
  entities: [PolicyTemplateEntity, PolicyTemplateVersionEntity],
  migrations: [PolicyTemplates1760000001000, TemplateLists1760000004000],
  systemPurposes: {},
});
