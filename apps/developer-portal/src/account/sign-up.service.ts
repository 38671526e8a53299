import { Inject, Injectable } from '@nestjs/common';
import { hashSecretToken, newSecretToken, Passwords } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import {
  type Developer,
  portalErrors,
  type SignUp,
  type signUpDeveloper,
  type verifyDeveloperMail,
} from '@tollgate/contracts/rest/portal';
import { MailBox } from '@tollgate/notify';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf } from '@tollgate/platform';
import { type DeveloperPortalConfig, PORTAL_CONFIG } from '../config.ts';
import { emitApproved, emitRegistered } from '../developers/developer-events.ts';
import { afterVerification } from '../developers/developer-rules.ts';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { mailLink } from './mail-links.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import type { SiteRecord } from '../sites/portal-sites.repository.ts';
import { PortalSitesService } from '../sites/portal-sites.service.ts';
import { alreadyRegisteredMail, verificationMail } from './account-mails.ts';

const mailTokenHours = 24;

/** From a stranger to a developer with a proved mail address. */
@Injectable()
export class SignUpService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesService) private readonly sites: PortalSitesService,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(MailBox) private readonly mailBox: MailBox,
    @Inject(PORTAL_CONFIG) private readonly config: DeveloperPortalConfig,
  ) {}

  /** Does the same work and gives the same answer whether or not the mail address is registered; only the mail tells. */
  async signUp(call: EndpointCall<typeof signUpDeveloper>): Promise<{ next: 'read-your-mail' }> {
    const site = await this.sites.getBySlug(call.params.siteSlug);
    if (!site.signUpOpen) throw new ApiError(portalErrors.signUpClosed);
    const { name, email, password } = call.body;
    const passwordHash = await this.passwords.hash(password);
    await this.database.inTenant(site.tenantId, async (unit) => {
      const developer = await this.developers.insert(unit, { siteId: site.id, name, email, passwordHash });
      if (developer === null) return this.#signUpAgain(unit, site, { ...call.body, passwordHash });
      await this.#sendToken(unit, site, developer, { name, passwordHash });
      await emitRegistered(unit, developer);
      const object = { kind: 'developer', id: developer.id };
      await unit.audit(auditOf(call, { action: 'developer.sign-up', object }));
    });
    return { next: 'read-your-mail' };
  }

  async verifyMail(call: EndpointCall<typeof verifyDeveloperMail>): Promise<Developer> {
    const site = await this.sites.getBySlug(call.params.siteSlug);
    let ended: string[] = [];
    const developer = await this.database.inTenant(site.tenantId, async (unit) => {
      const token = await this.developers.takeMailToken(unit, hashSecretToken(call.body.token));
      if (token === null) throw new ApiError(portalErrors.wrongMailToken);
      const { developer: before, passwordHash } = await this.developers.lockLogIn(unit, token.developerId);
      if (before.siteId !== site.id) throw new ApiError(portalErrors.wrongMailToken);
      if (passwordHash !== token.passwordHash) ended = await this.sessions.removeAll(unit, before.id);
      const state = afterVerification(before.state, site.signUpApproval);
      const verified = { emailVerified: true, name: token.name, passwordHash: token.passwordHash, state };
      const after = await this.developers.change(unit, before.id, verified);
      if (state === 'approved' && before.state !== 'approved') await emitApproved(unit, after);
      const object = { kind: 'developer', id: after.id };
      await unit.audit(auditOf(call, { action: 'developer.verify-mail', object, details: { state } }));
      return after;
    });
    await this.sessions.forget(ended);
    return developer;
  }

  /** Somebody signs up with a registered address: who reads its mail decides whether it was them. */
  async #signUpAgain(unit: UnitOfWork, site: SiteRecord, again: SignUp & { passwordHash: string }): Promise<void> {
    const { email, name, passwordHash } = again;
    const known = await this.developers.findLogIn(unit, { siteId: site.id, email });
    if (known === null) return;
    if (known.developer.emailVerified) await this.mailBox.post(unit, alreadyRegisteredMail(site, email));
    else await this.#sendToken(unit, site, known.developer, { name, passwordHash });
  }

  async #sendToken(
    unit: UnitOfWork,
    site: SiteRecord,
    { id: developerId, email }: Developer,
    signUp: { name: string; passwordHash: string },
  ): Promise<void> {
    const token = newSecretToken('mail');
    await this.developers.addMailToken(unit, {
      ...signUp,
      tenantId: site.tenantId,
      tokenSha256: hashSecretToken(token),
      developerId,
      expiresAt: new Date(Date.now() + mailTokenHours * 3_600_000),
    });
    const link = mailLink(this.config.PUBLIC_PORTAL_URL, { siteSlug: site.slug, page: 'confirm-mail', token });
    await this.mailBox.post(unit, verificationMail({ site, email, link, hours: mailTokenHours }));
  }
}
