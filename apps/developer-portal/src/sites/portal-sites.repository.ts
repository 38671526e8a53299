import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import { getSiteLogo, type PortalSite, type PortalSiteChange } from '@tollgate/contracts/rest/portal';
import { getForChange, mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { LessThan, LessThanOrEqual } from 'typeorm';
import { type DeveloperPortalConfig, PORTAL_CONFIG } from '../config.ts';
import { nameTaken, refuseTaken } from '../shared/conflicts.ts';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { PortalSiteEntity, type StoredLogo } from './portal-site.entity.ts';

/** A site with what visitors need to know of its tenant. */
export interface SiteRecord extends PortalSite {
  tenantId: string;
  signUpOpen: boolean;
}

@Injectable()
export class PortalSitesRepository {
  readonly #toSite: (row: PortalSiteEntity) => SiteRecord;

  constructor(@Inject(PORTAL_CONFIG) { PUBLIC_PORTAL_URL }: Pick<DeveloperPortalConfig, 'PUBLIC_PORTAL_URL'>) {
    this.#toSite = (row) => toSite(row, PUBLIC_PORTAL_URL);
  }

  async list({ manager }: UnitOfWork, page: PageQuery): Promise<Page<PortalSite>> {
    return mapPage(await readPage(manager.createQueryBuilder(PortalSiteEntity, 'site'), page), this.#toSite);
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<PortalSite> {
    const row = await manager.findOneBy(PortalSiteEntity, { id });
    if (row === null) throw new ApiError(commonErrors.notFound);
    return this.#toSite(row);
  }

  /**
   * In a tenant's unit finds its own site only; in a system unit anybody's.
   * @throws ApiError `resource.not_found`
   */
  async getBySlug({ manager }: UnitOfWork, slug: string): Promise<SiteRecord> {
    const row = await manager.findOneBy(PortalSiteEntity, { slug });
    if (row === null) throw new ApiError(commonErrors.notFound);
    return this.#toSite(row);
  }

  /** @throws ApiError `resource.conflict` when the slug is taken, by whomever. */
  async change(
    unit: UnitOfWork,
    id: string,
    expectedVersion: number | undefined,
    set: PortalSiteChange & { logo?: StoredLogo | null },
  ): Promise<PortalSite> {
    const row = await getForChange(unit, PortalSiteEntity, id, expectedVersion);
    const { name, slug, signUpApproval, description, accentColor, logo } = { ...row, ...set };
    const change = { name, slug, signUpApproval, description, accentColor, logo };
    const write = changeRow(unit, PortalSiteEntity, row, change);
    return this.#toSite(await refuseTaken(write, 'portal_sites_slug_key', nameTaken('/slug')));
  }

  /** Makes the tenant's site unless it has one. The slug gets a suffix when another tenant has it. */
  async ensureDefault(unit: UnitOfWork, site: { name: string; slug: string; tenantVersion: number }): Promise<void> {
    const row = newRow<PortalSiteEntity>(unit, 'site', {
      ...site,
      signUpApproval: 'manual',
      signUpOpen: true,
      description: '',
      accentColor: 'teal',
      logo: null,
    });
    const insert = async (slug: string): Promise<boolean> => {
      const query = unit.manager.createQueryBuilder().insert().into(PortalSiteEntity);
      const inserted = await query
        .values({ ...row, slug })
        .orIgnore()
        .returning('id')
        .execute();
      return (inserted.raw as unknown[]).length > 0;
    };
    if (await insert(site.slug)) return;
    if (await unit.manager.existsBy(PortalSiteEntity, {})) return;
    await insert(`${site.slug.slice(0, 33)}-${row.id.slice(-6)}`);
  }

  /**
   * Mirrors the tenant's suspension; news older than what is mirrored change nothing.
   * @returns whether something changed.
   */
  async setSignUpOpen({ manager }: UnitOfWork, signUpOpen: boolean, tenantVersion: number): Promise<boolean> {
    const older = { tenantVersion: LessThan(tenantVersion) };
    const updated = await manager.update(PortalSiteEntity, older, { signUpOpen, tenantVersion });
    return updated.affected !== 0;
  }

  /** Brings the tenant's site into line with a snapshot of the tenant, unless later news are mirrored. Returns whether it was not. */
  async mirror(
    unit: UnitOfWork,
    tenant: { name: string; slug: string; signUpOpen: boolean; tenantVersion: number },
  ): Promise<boolean> {
    const { signUpOpen, tenantVersion, ...site } = tenant;
    const known = await unit.manager.findOneBy(PortalSiteEntity, {});
    if (known?.signUpOpen === signUpOpen) return false;
    if (known === null) await this.ensureDefault(unit, { ...site, tenantVersion: 0 });
    const notNewer = { tenantVersion: LessThanOrEqual(tenantVersion) };
    const updated = await unit.manager.update(PortalSiteEntity, notNewer, { signUpOpen, tenantVersion });
    return updated.affected !== 0;
  }
}

function toSite(row: PortalSiteEntity, portalUrl: string): SiteRecord {
  const { id, tenantId, name, slug, signUpApproval, signUpOpen, description, accentColor, version } = row;
  const logo = row.logo === null ? null : { url: logoPath(slug, row.logo.id), contentType: row.logo.contentType };
  return {
    id,
    tenantId,
    name,
    slug,
    url: new URL(`/${slug}`, portalUrl).href,
    signUpApproval,
    signUpOpen,
    description,
    accentColor,
    logo,
    version,
    ...rowTimes(row),
  };
}

function logoPath(siteSlug: string, logoId: string): string {
  return getSiteLogo.path.replace('{siteSlug}', siteSlug).replace('{logoId}', logoId);
}
