import { Inject, Injectable } from '@nestjs/common';
import { Passwords } from '@tollgate/auth';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  type Developer,
  type exportMyDeveloper,
  type getMyDeveloper,
  type logInDeveloper,
  type logOutDeveloper,
  portalErrors,
} from '@tollgate/contracts/rest/portal';
import { Database } from '@tollgate/persistence';
import { ApiError, auditOf, principalOf, tenantOf } from '@tollgate/platform';
import { mayLogIn } from '../developers/developer-rules.ts';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { PortalSitesService } from '../sites/portal-sites.service.ts';
import { CurrentDeveloper } from './current-developer.ts';
import { LogInThrottle } from './throttles.ts';

/** Logging in and out, and what developers see of themselves. */
@Injectable()
export class AccountService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalSitesService) private readonly sites: PortalSitesService,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(LogInThrottle) private readonly throttle: LogInThrottle,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
  ) {}

  /** @throws ApiError `developer.wrong_credentials`, whatever the reason is, after the same time. */
  async logIn(call: EndpointCall<typeof logInDeveloper>): Promise<EndpointResult<typeof logInDeveloper>> {
    const { id: siteId, tenantId } = await this.sites.getBySlug(call.params.siteSlug);
    const { email, password } = call.body;
    await this.throttle.count(siteId, email);
    const known = await this.database.inTenant(tenantId, (unit) => this.developers.findLogIn(unit, { siteId, email }));
    const isRight = await this.passwords.matches(password, known?.passwordHash ?? null);
    if (known === null || !isRight) throw new ApiError(portalErrors.wrongCredentials);
    await this.throttle.clear(siteId, email);
    return this.database.inTenant(tenantId, async (unit) => {
      const { developer, passwordHash } = await this.developers.lockLogIn(unit, known.developer.id);
      if (!mayLogIn(developer) || passwordHash !== known.passwordHash)
        throw new ApiError(portalErrors.wrongCredentials);
      const { token, expiresAt } = await this.sessions.begin(unit, developer);
      await unit.audit(auditOf(call, { action: 'developer.log-in', object: { kind: 'developer', id: developer.id } }));
      return { token, expiresAt: expiresAt.toISOString(), developer };
    });
  }

  async logOut(call: EndpointCall<typeof logOutDeveloper>): Promise<void> {
    const { id, credentialId = '' } = principalOf(call);
    const hash = await this.database.inTenant(tenantOf(call), async (unit) => {
      await this.current.get(unit, call);
      const object = { kind: 'developer', id };
      await unit.audit(auditOf(call, { action: 'developer.log-out', object }));
      return this.sessions.remove(unit, credentialId);
    });
    await this.sessions.forget(hash);
  }

  me(call: EndpointCall<typeof getMyDeveloper>): Promise<Developer> {
    return this.database.inTenant(tenantOf(call), (unit) => this.current.get(unit, call));
  }

  export(call: EndpointCall<typeof exportMyDeveloper>): Promise<EndpointResult<typeof exportMyDeveloper>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const developer = await this.current.get(unit, call);
      return { developer, sessions: await this.sessions.list(unit, developer.id) };
    });
  }
}
