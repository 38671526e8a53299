import { z } from 'zod';
import { commonErrors } from '../../errors/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { slug, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { groupParams } from './groups.ts';

/** The workspace that every gateway group has from the start. */
export const defaultWorkspaceName = 'default';

export const workspace = z
  .object({
    id: idSchema('wsp'),
    groupId: idSchema('grp'),
    name: slug,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Workspace', description: 'A partition of a group’s resources for a team; no effect on traffic.' });
export type Workspace = z.output<typeof workspace>;

const workspaceParams = groupParams.extend({ workspaceId: idSchema('wsp') });
const common = { service: 'gateway-manager', tag: 'Workspaces' } as const;

export const listWorkspaces = defineEndpoint({
  ...common,
  operationId: 'listWorkspaces',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}/workspaces',
  kind: 'list',
  summary: 'List the workspaces of a gateway group',
  access: { kind: 'permission', permission: 'config.read' },
  params: groupParams,
  query: pageQuery,
  response: pageOf(workspace),
});

export const createWorkspace = defineEndpoint({
  ...common,
  operationId: 'createWorkspace',
  method: 'POST',
  path: '/api/v1/gateway-groups/{groupId}/workspaces',
  kind: 'create',
  summary: 'Create a workspace',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: groupParams,
  body: z.strictObject({ name: slug }),
  response: workspace,
  errors: [commonErrors.conflict],
  audit: 'workspace.create',
});

export const getWorkspace = defineEndpoint({
  ...common,
  operationId: 'getWorkspace',
  method: 'GET',
  path: '/api/v1/gateway-groups/{groupId}/workspaces/{workspaceId}',
  kind: 'get',
  summary: 'Get a workspace',
  access: { kind: 'permission', permission: 'config.read' },
  params: workspaceParams,
  response: workspace,
});

export const updateWorkspace = defineEndpoint({
  ...common,
  operationId: 'updateWorkspace',
  method: 'PATCH',
  path: '/api/v1/gateway-groups/{groupId}/workspaces/{workspaceId}',
  kind: 'update',
  summary: 'Rename a workspace',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: workspaceParams,
  body: z.strictObject({ name: slug }),
  response: workspace,
  errors: [commonErrors.conflict],
  audit: 'workspace.update',
});

export const deleteWorkspace = defineEndpoint({
  ...common,
  operationId: 'deleteWorkspace',
  method: 'DELETE',
  path: '/api/v1/gateway-groups/{groupId}/workspaces/{workspaceId}',
  kind: 'delete',
  summary: 'Delete an empty workspace',
  description:
    'Refused while the workspace holds resources, drafted or published, and never forced: what it has in force could then be published and rolled back by nobody but those who publish the whole group.',
  access: { kind: 'permission', permission: 'gateways.write' },
  params: workspaceParams,
  errors: [commonErrors.inUse],
  audit: 'workspace.delete',
});
