import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import { type Developer, portalErrors } from '@tollgate/contracts/rest/portal';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { mayLogIn } from '../developers/developer-rules.ts';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { PortalSitesRepository } from '../sites/portal-sites.repository.ts';

/** Part of a developer's call that says who asks, and at which site. */
export interface DeveloperCall {
  principal: Principal | undefined;
  params: { siteSlug: string };
}

/** Finds the developer who makes a call. Every site but the developer's own is answered as if it did not exist. */
@Injectable()
export class CurrentDeveloper {
  constructor(
    @Inject(PortalSitesRepository) private readonly sites: PortalSitesRepository,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
  ) {}

  /** @throws ApiError `resource.not_found` at another site, `auth.required` once the developer may not be signed in any more. */
  async get(unit: UnitOfWork, { principal, params }: DeveloperCall): Promise<Developer> {
    const site = await this.sites.getBySlug(unit, params.siteSlug);
    if (principal === undefined || site.id !== principal.siteId) throw new ApiError(commonErrors.notFound);
    const developer = await this.developers.get(unit, principal.id);
    if (!mayLogIn(developer)) throw new ApiError(commonErrors.unauthenticated);
    return developer;
  }

  /**
   * The developer, locked until the unit ends: what they start cannot cross their suspension or erasure.
   * @throws ApiError as {@link get} does, and `developer.not_approved` while an approval is missing.
   */
  async lockApproved(unit: UnitOfWork, call: DeveloperCall): Promise<Developer> {
    const { id } = await this.get(unit, call);
    const developer = await this.developers.lock(unit, id);
    if (developer.state !== 'approved') throw new ApiError(portalErrors.developerNotApproved);
    return developer;
  }
}
