import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, email, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';
import { portalErrors } from './portal.errors.ts';

/**
 * `pending` waits for the mail to be verified (site with automatic approval) or for an administrator; `approved` may create
 * applications; `refused` and `suspended` cannot log in.
 */
export const developerState = z.enum(['pending', 'approved', 'refused', 'suspended']);
export type DeveloperState = z.output<typeof developerState>;

export const developer = z
  .object({
    id: idSchema('dev'),
    siteId: idSchema('site'),
    name: displayName,
    email,
    emailVerified: z.boolean(),
    state: developerState,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Developer' });
export type Developer = z.output<typeof developer>;

const developerParams = z.strictObject({ developerId: idSchema('dev') });

export const listDevelopers = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listDevelopers',
  method: 'GET',
  path: '/api/v1/developers',
  kind: 'list',
  tag: 'Developers',
  summary: 'List developers',
  access: { kind: 'permission', permission: 'portal.read' },
  query: pageQuery.extend({
    state: developerState.optional(),
    search: searchText('the name or the mail address'),
    siteId: idSchema('site').optional(),
    email: email.optional().meta({ description: 'Exactly this mail address.' }),
  }),
  response: pageOf(developer),
});

export const getDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getDeveloper',
  method: 'GET',
  path: '/api/v1/developers/{developerId}',
  kind: 'get',
  tag: 'Developers',
  summary: 'Read a developer',
  access: { kind: 'permission', permission: 'portal.read' },
  params: developerParams,
  response: developer,
});

export const approveDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'approveDeveloper',
  method: 'POST',
  path: '/api/v1/developers/{developerId}/approve',
  kind: 'action',
  tag: 'Developers',
  summary: 'Let a developer in',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: developerParams,
  response: developer,
  errors: [portalErrors.stateConflict],
  audit: 'developer.approve',
  dryRun: true,
});

export const refuseDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'refuseDeveloper',
  method: 'POST',
  path: '/api/v1/developers/{developerId}/refuse',
  kind: 'action',
  tag: 'Developers',
  summary: 'Turn a developer away',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: developerParams,
  response: developer,
  errors: [portalErrors.stateConflict],
  audit: 'developer.refuse',
  dryRun: true,
});

export const suspendDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'suspendDeveloper',
  method: 'POST',
  path: '/api/v1/developers/{developerId}/suspend',
  kind: 'action',
  tag: 'Developers',
  summary: 'Stop a developer',
  description: 'Ends the developer’s sessions at once. Approved subscriptions are suspended with it.',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: developerParams,
  response: developer,
  errors: [portalErrors.stateConflict],
  audit: 'developer.suspend',
  dryRun: true,
});

export const resumeDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'resumeDeveloper',
  method: 'POST',
  path: '/api/v1/developers/{developerId}/resume',
  kind: 'action',
  tag: 'Developers',
  summary: 'Let a suspended developer in again',
  description: 'Subscriptions that were suspended stay so until each is resumed.',
  access: { kind: 'permission', permission: 'portal.approve' },
  params: developerParams,
  response: developer,
  errors: [portalErrors.stateConflict],
  audit: 'developer.resume',
  dryRun: true,
});
