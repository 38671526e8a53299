import { z } from 'zod';
import { resourceKinds } from '../../gateway/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { counted, countedPageOf, pageOf, pageQuery, searchText } from '../page.ts';
import { gatewayErrors } from './gateway.errors.ts';
import { groupParams } from './groups.ts';

const revisionNumber = z.number().int().positive();
/** Why a revision was made, in the words of whoever made it. */
export const note = z.string().trim().max(500);
const change = z.enum(['add', 'change', 'remove']);

/** Most changes that the answer of publish and rollback lists; the rest is read page by page. */
export const maxListedChanges = 200;

export const revisionChange = z
  .object({
    kind: z.enum(resourceKinds),
    id: z.string(),
    workspaceId: idSchema('wsp').nullable(),
    change,
  })
  .meta({ id: 'RevisionChange' });
export type RevisionChange = z.output<typeof revisionChange>;

export const revision = z
  .object({
    groupId: idSchema('grp'),
    revision: revisionNumber,
    hash: z.string().meta({ description: 'Order-independent hash over all resources in force.' }),
    cause: z.enum(['publish', 'rollback']),
    workspaceId: idSchema('wsp').nullable().meta({ description: 'The part that was replaced; null: the whole group.' }),
    restoredRevision: revisionNumber.nullable().meta({ description: 'Where a rollback took its content from.' }),
    note: z.string(),
    changed: z.number().int().nonnegative(),
    publishedBy: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
    publishedAt: timestamp,
  })
  .meta({ id: 'Revision', description: 'An immutable, numbered configuration of a gateway group.' });
export type Revision = z.output<typeof revision>;

const content = z.record(z.string(), z.unknown()).nullable();

/** One change of a revision with what it was about. */
export const revisionDifference = revisionChange
  .extend({
    before: content.meta({ description: 'What was in force before; null when it was added.' }),
    after: content.meta({ description: 'What this revision brought into force; null when it was removed.' }),
  })
  .meta({ id: 'RevisionDifference', description: 'One difference between a revision and the one before.' });
export type RevisionDifference = z.output<typeof revisionDifference>;

/** A revision and the first of its changes. */
export const revisionOutcome = revision
  .extend({ changes: z.array(revisionChange).max(maxListedChanges) })
  .meta({ id: 'RevisionOutcome' });
export type RevisionOutcome = z.output<typeof revisionOutcome>;

export const draftChange = z
  .object({
    kind: z.enum(resourceKinds),
    id: z.string(),
    workspaceId: idSchema('wsp').nullable(),
    change,
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'DraftChange', description: 'One difference between the revision in force and the draft.' });
export type DraftChange = z.output<typeof draftChange>;

const revisionParams = groupParams.extend({ revision: z.coerce.number().int().positive().max(2_147_483_647) });
const workspaceId = idSchema('wsp').optional();
const common = { service: 'gateway-manager', tag: 'Publishing' } as const;

export const publishGroup = defineEndpoint({
  ...common,
  operationId: 'publishGroup',
  method: 'POST',
  path: '/api/v1/gateway-groups/{groupId}/publish',
  kind: 'action',
  summary: 'Publish the draft of a workspace or of the whole gateway group',
  description:
    'Makes the next revision out of what changed and pushes it to every data plane. Without changes the revision in force is returned.',
  access: { kind: 'permission', permission: 'config.publish' },
  params: groupParams,
  body: z.strictObject({
    workspaceId: workspaceId.meta({ description: 'Left out: all workspaces and the global part.' }),
    baseRevision: z.number().int().positive().meta({ description: 'The revision that the publisher has seen.' }),
    note: note.default(''),
  }),
  response: revisionOutcome,
  errors: [gatewayErrors.staleRevision, gatewayErrors.configurationInvalid, gatewayErrors.templateUnknown],
  audit: 'gateway-group.publish',
  dryRun: true,
});

export const rollBackGroup = defineEndpoint({
  ...common,
  operationId: 'rollBackGroup',
  method: 'POST',
  path: '/api/v1/gateway-groups/{groupId}/rollback',
  kind: 'action',
  summary: 'Make a new revision with the content of an older one',
  description:
    'One workspace, or without `workspaceId` the whole group, which needs `config.rollback-group`. The draft is kept; access state is never rolled back.',
  access: { kind: 'permission', permission: 'config.publish' },
  params: groupParams,
  body: z.strictObject({ toRevision: revisionNumber.max(2_147_483_647), workspaceId, note: note.default('') }),
  response: revisionOutcome,
  errors: [gatewayErrors.revisionUnknown, gatewayErrors.configurationInvalid],
  audit: 'gateway-group.rollback',
  dryRun: true,
});

export const diffGroup = defineEndpoint({
  ...common,
  operationId: 'diffGroup',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}/diff',
  kind: 'list',
  summary: 'Compare the draft with the revision in force',
  description: 'What moves because a referenced template has a newer version shows in publish with `dryRun=true`.',
  access: { kind: 'permission', permission: 'config.read' },
  params: groupParams,
  query: pageQuery.extend({
    ...counted,
    workspaceId,
    kind: z.enum(resourceKinds).optional(),
    change: change.optional(),
    search: searchText('the id, or in the name, the description, a path, a host or a server of what it will be'),
  }),
  response: countedPageOf(draftChange),
});

export const listRevisions = defineEndpoint({
  ...common,
  operationId: 'listRevisions',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}/revisions',
  kind: 'list',
  summary: 'List revisions, newest first',
  access: { kind: 'permission', permission: 'gateways.read' },
  params: groupParams,
  query: pageQuery,
  response: pageOf(revision),
});

export const getRevision = defineEndpoint({
  ...common,
  operationId: 'getRevision',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}/revisions/{revision}',
  kind: 'get',
  summary: 'Get a revision',
  access: { kind: 'permission', permission: 'gateways.read' },
  params: revisionParams,
  response: revision,
});

export const listRevisionChanges = defineEndpoint({
  ...common,
  operationId: 'listRevisionChanges',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}/revisions/{revision}/changes',
  kind: 'list',
  summary: 'List what a revision changed, before and after',
  access: { kind: 'permission', permission: 'config.read' },
  params: revisionParams,
  query: pageQuery,
  response: pageOf(revisionDifference),
});
