import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { commonErrors } from '../../errors/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { description, displayName, slug, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { portalErrors } from './portal.errors.ts';

/** How developers or subscriptions get in: at once, or after an administrator said yes. */
export const approvalMode = z.enum(['automatic', 'manual']);
export type ApprovalMode = z.output<typeof approvalMode>;

/** Colours of buttons and links that a site may choose from; each is readable on light and dark. */
export const accentColors = ['teal', 'blue', 'violet', 'rose', 'amber', 'green', 'slate'] as const;
export const accentColor = z.enum(accentColors);
export type AccentColor = z.output<typeof accentColor>;

export const logoTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
/** Largest logo in bytes. */
export const maxLogoBytes = 100 * 1024;

/** A site’s logo as pages show it. */
export const siteLogo = z
  .object({
    url: z.string().meta({ description: 'Path below the site’s own origin; another logo has another one.' }),
    contentType: z.enum(logoTypes),
  })
  .meta({ id: 'SiteLogo' });
export type SiteLogo = z.output<typeof siteLogo>;

const siteDescription = description.max(500).meta({ description: 'Short text on the site’s first page.' });

/** How a site shows itself to its visitors. */
export const siteAppearance = {
  description: siteDescription,
  accentColor,
  logo: siteLogo.nullable(),
};

export const portalSite = z
  .object({
    id: idSchema('site'),
    name: displayName,
    slug: slug.meta({ description: 'The site’s part of its address; unique on the whole platform.' }),
    url: z.url().meta({ description: 'Where developers reach the site.' }),
    signUpApproval: approvalMode.meta({ description: 'With `automatic` a verified mail address is enough.' }),
    ...siteAppearance,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'PortalSite' });
export type PortalSite = z.output<typeof portalSite>;

export const portalSiteChange = z
  .strictObject({
    name: displayName.optional(),
    slug: slug.optional(),
    signUpApproval: approvalMode.optional(),
    description: siteDescription.optional(),
    accentColor: accentColor.optional(),
  })
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

export const newSiteLogo = z
  .strictObject({
    image: z.base64().max(Math.ceil(maxLogoBytes / 3) * 4),
  })
  .meta({ id: 'NewSiteLogo', description: 'PNG, JPEG or WebP, at most 100 kB, in base64.' });
export type NewSiteLogo = z.output<typeof newSiteLogo>;

export const putPortalSiteLogo = defineEndpoint({
  service: 'developer-portal',
  operationId: 'putPortalSiteLogo',
  method: 'PUT',
  path: '/api/v1/portal-sites/{siteId}/logo',
  kind: 'update',
  tag: 'Portal sites',
  summary: 'Set the logo of a portal site',
  description: 'The ETag is the site’s, which the answer shows as it is afterwards.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: siteParams,
  body: newSiteLogo,
  response: portalSite,
  errors: [portalErrors.logoInvalid],
  audit: 'portal-site.set-logo',
  dryRun: true,
});

export const deletePortalSiteLogo = defineEndpoint({
  service: 'developer-portal',
  operationId: 'deletePortalSiteLogo',
  method: 'DELETE',
  path: '/api/v1/portal-sites/{siteId}/logo',
  kind: 'delete',
  tag: 'Portal sites',
  summary: 'Remove the logo of a portal site',
  description: 'The ETag is the site’s. 404 when it has no logo.',
  access: { kind: 'permission', permission: 'portal.write' },
  params: siteParams,
  audit: 'portal-site.delete-logo',
  dryRun: true,
});
