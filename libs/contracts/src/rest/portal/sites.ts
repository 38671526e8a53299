import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, slug, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

/** How developers or subscriptions get in: at once, or after an administrator said yes. */
export const approvalMode = z.enum(['automatic', 'manual']);
export type ApprovalMode = z.output<typeof approvalMode>;

export const portalSite = z
  .object({
    id: idSchema('site'),
    name: displayName,
    slug: slug.meta({ description: 'The site’s part of its address; unique on the whole platform.' }),
    signUpApproval: approvalMode.meta({ description: 'With `automatic` a verified mail address is enough.' }),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'PortalSite' });
export type PortalSite = z.output<typeof portalSite>;

export const portalSiteChange = z
  .strictObject({ name: displayName.optional(), slug: slug.optional(), signUpApproval: approvalMode.optional() })
  .meta({ id: 'PortalSiteChange' });
export type PortalSiteChange = z.output<typeof portalSiteChange>;

const siteParams = z.strictObject({ siteId: idSchema('site') });

export const listPortalSites = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listPortalSites',
  method: 'GET',
  path: '/api/v1/portal-sites',
  kind: 'list',
  tag: 'Portal sites',
  summary: 'List portal sites',
  access: { kind: 'permission', permission: 'portal.read' },
  query: pageQuery,
  response: pageOf(portalSite),
});

export const getPortalSite = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getPortalSite',
  method: 'GET',
  path: '/api/v1/portal-sites/{siteId}',
  kind: 'get',
  tag: 'Portal sites',
  summary: 'Read a portal site',
  access: { kind: 'permission', permission: 'portal.read' },
  params: siteParams,
  response: portalSite,
});

export const updatePortalSite = defineEndpoint({
  service: 'developer-portal',
  operationId: 'updatePortalSite',
  method: 'PATCH',
  path: '/api/v1/portal-sites/{siteId}',
  kind: 'update',
  tag: 'Portal sites',
  summary: 'Change a portal site',
  access: { kind: 'permission', permission: 'portal.write' },
  params: siteParams,
  body: portalSiteChange,
  response: portalSite,
  errors: [commonErrors.conflict],
  audit: 'portal-site.update',
  dryRun: true,
});
