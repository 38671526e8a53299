import { z } from 'zod';
import { idSchema } from '../ids/index.ts';
import { defineEvent } from './envelope.ts';

const tenantTopic = 'tollgate.iam.tenant';
const environmentTopic = 'tollgate.iam.environment';

export const tenantCreated = defineEvent({
  type: 'iam.tenant.created.v1',
  topic: tenantTopic,
  description: 'A customer organisation signed up.',
  data: z.object({ tenantId: idSchema('tnt'), slug: z.string(), name: z.string(), billingTimeZone: z.string() }),
});

export const tenantUpdated = defineEvent({
  type: 'iam.tenant.updated.v1',
  topic: tenantTopic,
  description: 'The name or the billing time zone of a customer organisation changed.',
  data: z.object({ tenantId: idSchema('tnt'), slug: z.string(), name: z.string(), billingTimeZone: z.string() }),
});

export const tenantSuspended = defineEvent({
  type: 'iam.tenant.suspended.v1',
  topic: tenantTopic,
  description: 'An operator stopped a tenant; its gateways refuse its calls.',
  data: z.object({ tenantId: idSchema('tnt'), reason: z.string() }),
});

export const tenantResumed = defineEvent({
  type: 'iam.tenant.resumed.v1',
  topic: tenantTopic,
  description: 'A suspended tenant is served again.',
  data: z.object({ tenantId: idSchema('tnt') }),
});

export const environmentCreated = defineEvent({
  type: 'iam.environment.created.v1',
  topic: environmentTopic,
  description: 'A stage of a project exists and may hold gateway groups.',
  data: z.object({
    environmentId: idSchema('env'),
    projectId: idSchema('prj'),
    name: z.string(),
    projectName: z.string(),
  }),
});

export const environmentRenamed = defineEvent({
  type: 'iam.environment.renamed.v1',
  topic: environmentTopic,
  description: 'A stage of a project has another name; promotion maps environments by name.',
  data: z.object({ environmentId: idSchema('env'), projectId: idSchema('prj'), name: z.string() }),
});

export const environmentDeleted = defineEvent({
  type: 'iam.environment.deleted.v1',
  topic: environmentTopic,
  description: 'A stage of a project is gone.',
  data: z.object({
    environmentId: idSchema('env'),
    projectId: idSchema('prj'),
    /** True when it was deleted although gateway groups belong to it: they are to be deleted too. */
    forced: z.boolean().optional(),
  }),
});
