import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { description, displayName, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';

/** What a developer builds; it subscribes to plans. */
export const application = z
  .object({
    id: idSchema('app'),
    developerId: idSchema('dev'),
    name: displayName,
    description,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Application' });
export type Application = z.output<typeof application>;

export const listApplications = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listApplications',
  method: 'GET',
  path: '/api/v1/applications',
  kind: 'list',
  tag: 'Applications',
  summary: 'List the applications of all developers',
  access: { kind: 'permission', permission: 'portal.read' },
  query: pageQuery.extend({
    developerId: idSchema('dev').optional(),
    search: searchText('the id, the name or the description'),
  }),
  response: pageOf(application),
});

export const getApplication = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getApplication',
  method: 'GET',
  path: '/api/v1/applications/{applicationId}',
  kind: 'get',
  tag: 'Applications',
  summary: 'Read an application',
  access: { kind: 'permission', permission: 'portal.read' },
  params: z.strictObject({ applicationId: idSchema('app') }),
  response: application,
});
