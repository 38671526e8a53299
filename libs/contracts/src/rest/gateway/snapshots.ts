import { z } from 'zod';
import { routeMethods } from '../../gateway/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { pageOf, pageQuery } from '../page.ts';
import { defineRebuild } from '../projections.ts';
import { groupParams } from './groups.ts';

/** A route of the revision in force, as other services need it. */
export const publishedRoute = z.object({
  id: z.string(),
  name: z.string().nullable(),
  uris: z.array(z.string()),
  methods: z.array(z.enum(routeMethods)).meta({ description: 'Empty: all methods.' }),
  serviceId: z.string().nullable(),
  authentication: z
    .array(z.string())
    .meta({ description: 'Policies in force on the route that tell who calls; empty: anybody may call.' }),
});
export type PublishedRoute = z.output<typeof publishedRoute>;

/** Snapshot of routes for those who refer to them; service access, acts in the tenant that the caller names. */
export const listPublishedRoutes = defineEndpoint({
  service: 'gateway-manager',
  operationId: 'listPublishedRoutes',
  method: 'GET',
  path: '/internal/v1/gateway-groups/{groupId}/routes',
  kind: 'list',
  tag: 'Snapshots',
  summary: 'List the routes of the revision in force',
  access: { kind: 'service' },
  params: groupParams,
  query: pageQuery,
  response: pageOf(publishedRoute),
});

/** A gateway group as the events announce it. */
export const groupSnapshot = z.object({
  groupId: idSchema('grp'),
  environmentId: idSchema('env'),
  name: z.string(),
  hosts: z.array(z.string()),
  addresses: z.array(z.string()).default([]),
  revision: z.number().int().positive(),
});

/** Snapshot of groups for projections; service access, acts in the tenant that the caller names. */
export const listGroupSnapshots = defineEndpoint({
  service: 'gateway-manager',
  operationId: 'listGroupSnapshots',
  method: 'GET',
  path: '/internal/v1/gateway-groups',
  kind: 'list',
  tag: 'Snapshots',
  summary: 'List the gateway groups of a tenant',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(groupSnapshot),
});

/** Rebuilds what gateway-manager knows of iam, of the portal and of analytics, for the tenant that the caller names. */
export const rebuildGatewayManagerProjections = defineRebuild('gateway-manager', 'rebuildGatewayManagerProjections');
