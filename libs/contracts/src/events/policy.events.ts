import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';

export const policyTemplateVersionPublished = defineEvent({
  type: 'policy.template.version_published.v1',
  topic: 'tollgate.policy-manager.template',
  description: 'A template has a new immutable version. No traffic changes until the groups that use it are published.',
  data: z.object({ templateId: idSchema('ptp'), version: z.number().int().positive(), contentHash: z.string() }),
});
