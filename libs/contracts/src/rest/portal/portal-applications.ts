import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { withForce } from '../force.ts';
import { description, displayName } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { application } from './applications.ts';
import { siteParams } from './portal-account.ts';
import { portalErrors } from './portal.errors.ts';

export const newApplication = z
  .strictObject({ name: displayName, description: description.default('') })
  .meta({ id: 'NewApplication' });
export type NewApplication = z.output<typeof newApplication>;

export const applicationChange = z
  .strictObject({ name: displayName.optional(), description: description.optional() })
  .meta({ id: 'ApplicationChange' });
export type ApplicationChange = z.output<typeof applicationChange>;

const applicationParams = siteParams.extend({ applicationId: idSchema('app') });

export const listMyApplications = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listMyApplications',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/applications',
  kind: 'list',
  tag: 'Portal: applications',
  summary: 'List one’s own applications',
  access: { kind: 'developer' },
  params: siteParams,
  query: pageQuery,
  response: pageOf(application),
});

export const createMyApplication = defineEndpoint({
  service: 'developer-portal',
  operationId: 'createMyApplication',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/applications',
  kind: 'create',
  tag: 'Portal: applications',
  summary: 'Create an application',
  access: { kind: 'developer' },
  params: siteParams,
  body: newApplication,
  response: application,
  errors: [commonErrors.conflict, portalErrors.developerNotApproved, portalErrors.limitReached],
  audit: 'application.create',
  dryRun: true,
});

export const getMyApplication = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getMyApplication',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/applications/{applicationId}',
  kind: 'get',
  tag: 'Portal: applications',
  summary: 'Read an application of one’s own',
  access: { kind: 'developer' },
  params: applicationParams,
  response: application,
});

export const updateMyApplication = defineEndpoint({
  service: 'developer-portal',
  operationId: 'updateMyApplication',
  method: 'PATCH',
  path: '/api/v1/portal/{siteSlug}/applications/{applicationId}',
  kind: 'update',
  tag: 'Portal: applications',
  summary: 'Change an application of one’s own',
  access: { kind: 'developer' },
  params: applicationParams,
  body: applicationChange,
  response: application,
  errors: [commonErrors.conflict, portalErrors.developerNotApproved],
  audit: 'application.update',
  dryRun: true,
});

export const deleteMyApplication = defineEndpoint({
  service: 'developer-portal',
  operationId: 'deleteMyApplication',
  method: 'DELETE',
  path: '/api/v1/portal/{siteSlug}/applications/{applicationId}',
  kind: 'delete',
  tag: 'Portal: applications',
  summary: 'Delete an application of one’s own',
  description: 'Refused while it has live subscriptions; the answer lists them.',
  access: { kind: 'developer' },
  params: applicationParams,
  errors: [commonErrors.inUse],
  audit: 'application.delete',
  ...withForce({ effect: 'its subscriptions are cancelled and their keys refused within a second.' }),
});
