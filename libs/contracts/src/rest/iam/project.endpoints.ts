import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { withForce } from '../force.ts';
import { description, displayName, slug, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { iamErrors } from './iam.errors.ts';

const canRead = { kind: 'permission', permission: 'projects.read' } as const;
const canWrite = { kind: 'permission', permission: 'projects.write' } as const;
const projects = { service: 'iam', tag: 'Projects' } as const;
const environments = { service: 'iam', tag: 'Environments' } as const;

export const project = z
  .object({
    id: idSchema('prj'),
    name: displayName,
    description,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Project', description: 'A unit of work of an organisation.' });
export type Project = z.infer<typeof project>;

const projectParams = z.object({ projectId: idSchema('prj') });

/** What deleting an environment by force means for its gateway groups. */
const endOfGroups =
  'its gateway groups are deleted by force as soon as gateway-manager hears of it, with their drafts and revisions; nobody can bring them back.';

export const listProjects = defineEndpoint({
  ...projects,
  operationId: 'listProjects',
  method: 'GET',
  path: '/api/v1/projects',
  kind: 'list',
  summary: 'List projects',
  access: canRead,
  query: pageQuery.extend({ name: displayName.optional() }),
  response: pageOf(project),
});

export const getProject = defineEndpoint({
  ...projects,
  operationId: 'getProject',
  method: 'GET',
  path: '/api/v1/projects/{projectId}',
  kind: 'get',
  summary: 'Read a project',
  access: canRead,
  params: projectParams,
  response: project,
});

export const createProject = defineEndpoint({
  ...projects,
  operationId: 'createProject',
  method: 'POST',
  path: '/api/v1/projects',
  kind: 'create',
  summary: 'Create a project, with its environments when they are named',
  access: canWrite,
  body: z.strictObject({
    name: displayName,
    description: description.default(''),
    environments: z
      .array(slug)
      .max(10)
      .default([])
      .refine((names) => new Set(names).size === names.length, 'Each name once.')
      .meta({ description: 'Names of environments to create with it.', examples: [['dev', 'stg', 'prd']] }),
  }),
  response: project,
  errors: [iamErrors.taken],
  audit: 'project.create',
  dryRun: true,
});

export const updateProject = defineEndpoint({
  ...projects,
  operationId: 'updateProject',
  method: 'PATCH',
  path: '/api/v1/projects/{projectId}',
  kind: 'update',
  summary: 'Change a project',
  access: canWrite,
  params: projectParams,
  body: z.strictObject({ name: displayName.optional(), description: description.optional() }),
  response: project,
  errors: [iamErrors.taken],
  audit: 'project.update',
  dryRun: true,
});

export const deleteProject = defineEndpoint({
  ...projects,
  operationId: 'deleteProject',
  method: 'DELETE',
  path: '/api/v1/projects/{projectId}',
  kind: 'delete',
  summary: 'Delete a project that has no environments',
  description: 'Refused with the list while it has environments.',
  access: canWrite,
  params: projectParams,
  errors: [commonErrors.inUse],
  audit: 'project.delete',
  ...withForce({
    effect: `its environments are deleted too, ${endOfGroups}`,
    permissions: ['gateways.write', 'portal.write'],
  }),
});

export const environment = z
  .object({
    id: idSchema('env'),
    projectId: idSchema('prj'),
    name: slug,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Environment', description: 'A stage of a project; promotion maps environments by name.' });
export type Environment = z.infer<typeof environment>;

const environmentParams = z.object({ environmentId: idSchema('env') });

export const listEnvironments = defineEndpoint({
  ...environments,
  operationId: 'listEnvironments',
  method: 'GET',
  path: '/api/v1/environments',
  kind: 'list',
  summary: 'List environments',
  access: canRead,
  query: pageQuery.extend({ projectId: idSchema('prj').optional() }),
  response: pageOf(environment),
});

export const getEnvironment = defineEndpoint({
  ...environments,
  operationId: 'getEnvironment',
  method: 'GET',
  path: '/api/v1/environments/{environmentId}',
  kind: 'get',
  summary: 'Read an environment',
  access: canRead,
  params: environmentParams,
  response: environment,
});

export const createEnvironment = defineEndpoint({
  ...environments,
  operationId: 'createEnvironment',
  method: 'POST',
  path: '/api/v1/environments',
  kind: 'create',
  summary: 'Create an environment of a project',
  access: canWrite,
  body: z.strictObject({ projectId: idSchema('prj'), name: slug }),
  response: environment,
  errors: [iamErrors.taken],
  audit: 'environment.create',
});

export const updateEnvironment = defineEndpoint({
  ...environments,
  operationId: 'updateEnvironment',
  method: 'PATCH',
  path: '/api/v1/environments/{environmentId}',
  kind: 'update',
  summary: 'Rename an environment',
  access: canWrite,
  params: environmentParams,
  body: z.strictObject({ name: slug }),
  response: environment,
  errors: [iamErrors.taken],
  audit: 'environment.update',
});

export const deleteEnvironment = defineEndpoint({
  ...environments,
  operationId: 'deleteEnvironment',
  method: 'DELETE',
  path: '/api/v1/environments/{environmentId}',
  kind: 'delete',
  summary: 'Delete an environment',
  description: 'Refused with the list while gateway groups belong to it.',
  access: canWrite,
  params: environmentParams,
  errors: [commonErrors.inUse],
  audit: 'environment.delete',
  ...withForce({ effect: endOfGroups, permissions: ['gateways.write', 'portal.write'] }),
});
