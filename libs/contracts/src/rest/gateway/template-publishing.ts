import { z } from 'zod';
import { commonErrors, problem } from '../../errors/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { gatewayErrors } from './gateway.errors.ts';
import { draftChange, note } from './publishing.ts';

/** Most gateway groups that one call publishes; each is a unit of work of its own. */
export const maxGroupsPerPublish = 50;

/** Why a group was left as it is: a problem without what belongs to the request as a whole. */
const groupProblem = problem
  .pick({ code: true, title: true, detail: true, errors: true })
  .meta({ id: 'GroupProblem', description: 'Why a gateway group was left as it is.' });
export type GroupProblem = z.output<typeof groupProblem>;

export const groupPublish = z
  .object({
    groupId: idSchema('grp'),
    outcome: z.enum(['published', 'unchanged', 'refused']).meta({
      description:
        '`published`: a new revision; `unchanged`: the newest version is in force already; `refused`: see `problem`.',
    }),
    revision: z
      .number()
      .int()
      .positive()
      .nullable()
      .meta({ description: 'The revision in force afterwards; null when the group was refused.' }),
    changes: z.array(draftChange).meta({ description: 'What the revision changes, before and after.' }),
    problem: groupProblem.nullable(),
  })
  .meta({ id: 'GroupPublish', description: 'What publishing a policy template did to one gateway group.' });
export type GroupPublish = z.output<typeof groupPublish>;

export const policyTemplatePublish = z
  .object({
    policyTemplateId: idSchema('ptp'),
    templateVersion: z.number().int().positive().meta({ description: 'The newest version, which was published.' }),
    groups: z.array(groupPublish),
  })
  .meta({ id: 'PolicyTemplatePublish' });
export type PolicyTemplatePublish = z.output<typeof policyTemplatePublish>;

export const publishPolicyTemplate = defineEndpoint({
  service: 'gateway-manager',
  tag: 'Publishing',
  operationId: 'publishPolicyTemplate',
  method: 'POST',
  path: '/api/v1/policy-template-publishes',
  kind: 'create',
  status: 200,
  summary: 'Publish the newest version of a policy template to the gateway groups that use it',
  description:
    'Makes a new revision of each group whose revision in force takes the `latest` version, with the policies of that version and nothing else: ' +
    'drafts are neither read nor published, so a revision that others publish meanwhile is never stale. References to a fixed version stay. ' +
    'Every group is published on its own: one that is refused leaves the others alone, and the call can be repeated with another Idempotency-Key. ' +
    '`dryRun=true` shows what would change in each.',
  access: { kind: 'permission', permission: 'config.publish' },
  body: z
    .strictObject({
      policyTemplateId: idSchema('ptp'),
      groupIds: z
        .array(idSchema('grp'))
        .min(1)
        .max(maxGroupsPerPublish)
        .refine((ids) => new Set(ids).size === ids.length, 'Each group once.')
        .optional()
        .meta({
          description: `Left out: every group whose draft or revision refers to it, ${maxGroupsPerPublish} at most.`,
        }),
      note: note
        .optional()
        .meta({ description: 'Kept with each revision; default: name and version of the template.' }),
    })
    .meta({ id: 'NewPolicyTemplatePublish' }),
  response: policyTemplatePublish,
  inLanguages: ['/groups/*/problem/title', '/groups/*/problem/detail', '/groups/*/problem/errors/*/message'],
  errors: [commonErrors.notFound, gatewayErrors.tooManyGroups],
  audit: 'gateway-group.publish-template',
  dryRun: true,
});
