import { defineError } from '../../errors/index.ts';

export const policyTemplateUnchanged = defineError({
  code: 'policy_template.unchanged',
  status: 409,
  title: 'The draft equals the newest published version',
  operator: 'Publishing again would make a version without a difference; nothing has to be done.',
});
