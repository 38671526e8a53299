import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, Passwords } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { type Developer, portalErrors, type resetDeveloperPassword } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf } from '@tollgate/platform';
import { mayLogIn } from '../developers/developer-rules.ts';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { PasswordResetsRepository } from '../developers/password-resets.repository.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { PortalSitesService } from '../sites/portal-sites.service.ts';
import { LogInThrottle } from './throttles.ts';

/** Sets the new password of a developer who follows the link of a mail. */
@Injectable()
export class ResetPasswordService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesService) private readonly sites: PortalSitesService,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(PasswordResetsRepository) private readonly resets: PasswordResetsRepository,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(LogInThrottle) private readonly throttle: LogInThrottle,
  ) {}

  /**
   * A link works once; using one ends the developer's sessions and all other links, and forgets the passwords that were tried before.
   * @throws ApiError `developer.reset_link_gone`
   */
  async reset(call: EndpointCall<typeof resetDeveloperPassword>): Promise<void> {
    const { id: siteId, tenantId } = await this.sites.getBySlug(call.params.siteSlug);
    const passwordHash = await this.passwords.hash(call.body.password);
    const { ended, email } = await this.database.inTenant(tenantId, async (unit) => {
      const developer = await this.#takeLink(unit, siteId, hashSecretToken(call.body.token));
      await this.developers.change(unit, developer.id, { passwordHash });
      const object = { kind: 'developer', id: developer.id };
      await unit.audit(auditOf(call, { action: 'developer.reset-password', object }));
      return { ended: await this.sessions.removeAll(unit, developer.id), email: developer.email };
    });
    await this.sessions.forget(ended);
    await this.throttle.clear(siteId, email);
  }

  /** The developer is locked first, as at log-in, so that of two who use one link only the first sets a password. */
  async #takeLink(unit: UnitOfWork, siteId: string, tokenSha256: string): Promise<Developer> {
    const developerId = await this.resets.findDeveloperId(unit, tokenSha256);
    if (developerId === null) throw new ApiError(portalErrors.resetLinkGone);
    const developer = await this.developers.lock(unit, developerId);
    const isTheirs = developer.siteId === siteId && mayLogIn(developer);
    if (!isTheirs || !(await this.resets.take(unit, developerId, tokenSha256)))
      throw new ApiError(portalErrors.resetLinkGone);
    return developer;
  }
}
