import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, FileAnswer } from '@tollgate/contracts/rest';
import {
  type deletePortalSiteLogo,
  type getSiteLogo,
  maxLogoBytes,
  type PortalSite,
  portalErrors,
  type putPortalSiteLogo,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, tenantOf } from '@tollgate/platform';
import { imageTypeOf } from './image-type.ts';
import { PortalSitesRepository } from './portal-sites.repository.ts';
import { PortalSitesService } from './portal-sites.service.ts';
import { type LogoImage, SiteLogosRepository } from './site-logos.repository.ts';

/** Logos of portal sites. A write is a change of the site. */
@Injectable()
export class SiteLogosService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesRepository) private readonly sites: PortalSitesRepository,
    @Inject(PortalSitesService) private readonly bySlug: PortalSitesService,
    @Inject(SiteLogosRepository) private readonly logos: SiteLogosRepository,
  ) {}

  /** @throws ApiError `site.logo_invalid` */
  put(call: EndpointCall<typeof putPortalSiteLogo>): Promise<PortalSite> {
    const image = readImage(call.body.image);
    const work = async (unit: UnitOfWork): Promise<PortalSite> => {
      const { siteId } = call.params;
      const { id, contentType } = image;
      const site = await this.sites.change(unit, siteId, call.ifMatch, { logo: { id, contentType } });
      await this.logos.put(unit, siteId, image);
      await unit.audit(auditOf(call, { action: 'portal-site.set-logo', object: { kind: 'portal-site', id: siteId } }));
      return site;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  delete(call: EndpointCall<typeof deletePortalSiteLogo>): Promise<undefined> {
    const work = async (unit: UnitOfWork): Promise<undefined> => {
      const { siteId } = call.params;
      const { logo } = await this.sites.get(unit, siteId);
      await this.sites.change(unit, siteId, call.ifMatch, { logo: null });
      if (logo === null) throw new ApiError(commonErrors.notFound);
      await this.logos.delete(unit, siteId);
      const object = { kind: 'portal-site', id: siteId };
      await unit.audit(auditOf(call, { action: 'portal-site.delete-logo', object }));
      return undefined;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  async read(call: EndpointCall<typeof getSiteLogo>): Promise<FileAnswer> {
    const { siteSlug, logoId } = call.params;
    const site = await this.bySlug.getBySlug(siteSlug);
    const { contentType, content } = await this.database.inTenant(site.tenantId, (unit) =>
      this.logos.get(unit, site.id, logoId),
    );
    return { contentType, content, isImmutable: true };
  }
}

function readImage(base64: string): LogoImage {
  const content = Buffer.from(base64, 'base64');
  const contentType = content.length > maxLogoBytes ? null : imageTypeOf(content);
  if (contentType === null) throw new ApiError(portalErrors.logoInvalid);
  return { id: createHash('sha256').update(content).digest('hex').slice(0, 32), contentType, content };
}
