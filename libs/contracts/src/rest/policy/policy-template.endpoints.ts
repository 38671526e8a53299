import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { description, displayName } from '../fields.ts';
import { counted, countedPageOf, flag, pageOf, pageQuery, pickedIds, searchText, sorted } from '../page.ts';
import { policyTypeName } from './policy-types.ts';
import { policySet, policyTemplate, policyTemplateVersion } from './policy-template.ts';
import { policyTemplateUnchanged } from './policy.errors.ts';

const read = { kind: 'permission', permission: 'policies.read' } as const;
const write = { kind: 'permission', permission: 'policies.write' } as const;
const ofTemplate = z.strictObject({ templateId: idSchema('ptp') });
const ofVersion = ofTemplate.extend({ number: z.coerce.number().int().min(1).max(2_147_483_647) });

export const listPolicyTemplates = defineEndpoint({
  service: 'policy-manager',
  operationId: 'listPolicyTemplates',
  method: 'GET',
  path: '/api/v1/policy-templates',
  kind: 'list',
  tag: 'Policies',
  summary: 'List policy templates',
  access: read,
  query: pageQuery.extend({
    ...counted,
    ...sorted,
    search: searchText('the name, the description or the type of one of the draft’s policies'),
    ids: pickedIds(idSchema('ptp')),
    policyType: policyTypeName
      .optional()
      .meta({ description: 'Only templates whose draft has a policy of this type.' }),
    isPublished: flag('Only templates that have a published version, or only those that have none.'),
  }),
  response: countedPageOf(policyTemplate),
});

export const createPolicyTemplate = defineEndpoint({
  service: 'policy-manager',
  operationId: 'createPolicyTemplate',
  method: 'POST',
  path: '/api/v1/policy-templates',
  kind: 'create',
  tag: 'Policies',
  summary: 'Create a policy template',
  description: 'Every policy is checked against its type. Nothing takes effect before a version is published.',
  access: write,
  body: z.strictObject({
    name: displayName,
    description: description.default(''),
    draft: policySet.default({ inbound: [], outbound: [] }),
  }),
  response: policyTemplate,
  errors: [commonErrors.conflict],
  audit: 'policy-template.create',
  dryRun: true,
});

export const getPolicyTemplate = defineEndpoint({
  service: 'policy-manager',
  operationId: 'getPolicyTemplate',
  method: 'GET',
  path: '/api/v1/policy-templates/{templateId}',
  kind: 'get',
  tag: 'Policies',
  summary: 'Read a policy template and its draft',
  access: read,
  params: ofTemplate,
  response: policyTemplate,
});

export const updatePolicyTemplate = defineEndpoint({
  service: 'policy-manager',
  operationId: 'updatePolicyTemplate',
  method: 'PATCH',
  path: '/api/v1/policy-templates/{templateId}',
  kind: 'update',
  tag: 'Policies',
  summary: 'Change name, description or draft of a policy template',
  access: write,
  params: ofTemplate,
  body: z.strictObject({
    name: displayName.optional(),
    description: description.optional(),
    draft: policySet.optional(),
  }),
  response: policyTemplate,
  errors: [commonErrors.conflict],
  audit: 'policy-template.update',
  dryRun: true,
});

export const deletePolicyTemplate = defineEndpoint({
  service: 'policy-manager',
  operationId: 'deletePolicyTemplate',
  method: 'DELETE',
  path: '/api/v1/policy-templates/{templateId}',
  kind: 'delete',
  tag: 'Policies',
  summary: 'Remove a policy template',
  description:
    'It can no longer be seen, changed or published. Routes that name a published version keep it, so nothing is left dangling and there is nothing to force.',
  access: write,
  params: ofTemplate,
  audit: 'policy-template.delete',
});

export const listPolicyTemplateVersions = defineEndpoint({
  service: 'policy-manager',
  operationId: 'listPolicyTemplateVersions',
  method: 'GET',
  path: '/api/v1/policy-templates/{templateId}/versions',
  kind: 'list',
  tag: 'Policies',
  summary: 'List the published versions of a policy template, newest first',
  access: read,
  params: ofTemplate,
  query: pageQuery,
  response: pageOf(policyTemplateVersion),
});

export const publishPolicyTemplateVersion = defineEndpoint({
  service: 'policy-manager',
  operationId: 'publishPolicyTemplateVersion',
  method: 'POST',
  path: '/api/v1/policy-templates/{templateId}/versions',
  kind: 'create',
  tag: 'Policies',
  summary: 'Publish the draft as a new immutable version',
  description: 'Changes no traffic until the gateway groups that use the template are published.',
  access: write,
  params: ofTemplate,
  body: z.strictObject({
    note: z.string().max(200).default('').meta({ description: 'What changed, for colleagues.' }),
  }),
  response: policyTemplateVersion,
  errors: [policyTemplateUnchanged],
  audit: 'policy-template.publish',
  dryRun: true,
});

export const getPolicyTemplateVersion = defineEndpoint({
  service: 'policy-manager',
  operationId: 'getPolicyTemplateVersion',
  method: 'GET',
  path: '/api/v1/policy-templates/{templateId}/versions/{number}',
  kind: 'get',
  tag: 'Policies',
  summary: 'Read a published version of a policy template',
  access: read,
  params: ofVersion,
  response: policyTemplateVersion,
});

/** What a reference to a template resolves to: the `plugins` of an APISIX `plugin_config`. Never changes for a given version. */
export const resolvedPolicyTemplate = z.object({
  templateId: idSchema('ptp'),
  name: displayName,
  number: z.number().int().positive(),
  contentHash: z.string(),
  plugins: z.record(z.string(), z.record(z.string(), z.unknown())),
});
export type ResolvedPolicyTemplate = z.output<typeof resolvedPolicyTemplate>;

export const resolvePolicyTemplateVersion = defineEndpoint({
  service: 'policy-manager',
  operationId: 'resolvePolicyTemplateVersion',
  method: 'GET',
  path: '/internal/v1/policy-templates/{templateId}/versions/{number}',
  kind: 'get',
  tag: 'Internal',
  summary: 'Resolve a version of a template, of a removed one too',
  access: { kind: 'service' },
  params: ofVersion,
  response: resolvedPolicyTemplate,
});

export const resolveLatestPolicyTemplateVersion = defineEndpoint({
  service: 'policy-manager',
  operationId: 'resolveLatestPolicyTemplateVersion',
  method: 'GET',
  path: '/internal/v1/policy-templates/{templateId}/latest',
  kind: 'get',
  tag: 'Internal',
  summary: 'Resolve the newest version of a template, of a removed one too',
  access: { kind: 'service' },
  params: ofTemplate,
  response: resolvedPolicyTemplate,
});
