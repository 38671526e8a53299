import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, newSecretToken } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type { Developer, requestDeveloperPasswordReset } from '@tollgate/contracts/rest/portal';
import { MailBox } from '@tollgate/notify';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf } from '@tollgate/platform';
import { type DeveloperPortalConfig, PORTAL_CONFIG } from '../config.ts';
import { mayLogIn } from '../developers/developer-rules.ts';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { PasswordResetsRepository } from '../developers/password-resets.repository.ts';
import { mailLink } from './mail-links.ts';
import type { SiteRecord } from '../sites/portal-sites.repository.ts';
import { PortalSitesService } from '../sites/portal-sites.service.ts';
import { passwordResetMail } from './account-mails.ts';
import { PasswordResetThrottle } from './throttles.ts';

const lifetimeMs = 60 * 60 * 1000;

/** Sends developers who forgot their password a link to set a new one. */
@Injectable()
export class RequestPasswordResetService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesService) private readonly sites: PortalSitesService,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(PasswordResetsRepository) private readonly resets: PasswordResetsRepository,
    @Inject(PasswordResetThrottle) private readonly throttle: PasswordResetThrottle,
    @Inject(MailBox) private readonly mailBox: MailBox,
    @Inject(PORTAL_CONFIG) private readonly config: DeveloperPortalConfig,
  ) {}

  /** Says nothing about whether the address is known. Only a confirmed one gets a mail: signing up again serves all others. */
  async request(call: EndpointCall<typeof requestDeveloperPasswordReset>): Promise<{ next: 'read-your-mail' }> {
    const site = await this.sites.getBySlug(call.params.siteSlug);
    const name = { siteId: site.id, email: call.body.email };
    await this.throttle.count(name.siteId, name.email);
    await this.database.inTenant(site.tenantId, async (unit) => {
      const developer = (await this.developers.findLogIn(unit, name))?.developer;
      if (developer === undefined || !developer.emailVerified || !mayLogIn(developer)) return;
      await this.#sendLink(unit, site, developer);
      const object = { kind: 'developer', id: developer.id };
      await unit.audit(auditOf(call, { action: 'developer.request-password-reset', object }));
    });
    return { next: 'read-your-mail' };
  }

  async #sendLink(unit: UnitOfWork, site: SiteRecord, { id: developerId, email }: Developer): Promise<void> {
    const token = newSecretToken('rst');
    await this.resets.insert(unit, {
      tenantId: site.tenantId,
      tokenSha256: hashSecretToken(token),
      developerId,
      expiresAt: new Date(Date.now() + lifetimeMs),
    });
    const link = mailLink(this.config.PUBLIC_PORTAL_URL, { siteSlug: site.slug, page: 'reset-password', token });
    await this.mailBox.post(unit, passwordResetMail({ site, email, link }));
  }
}
