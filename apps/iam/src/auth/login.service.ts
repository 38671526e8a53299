import { Inject, Injectable } from '@nestjs/common';
import { Passwords } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { iamErrors, logIn, logOut, switchTenant, type IssuedSession } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { RevocationList } from '../revocations/revocation-list.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntry, auditEntryOf } from '../shared/audit.ts';
import { personOf } from '../shared/person.ts';
import { tenantsRepository, type OwnTenant } from '../tenants/tenants.repository.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { usersRepository } from '../users/users.repository.ts';
import { LoginThrottle } from './throttles.ts';

/** Begins, moves and ends sessions. */
@Injectable()
export class LoginService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(LoginThrottle) private readonly throttle: LoginThrottle,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  async logIn(call: EndpointCall<typeof logIn>): Promise<IssuedSession> {
    const { email, password, tenantId: wanted } = call.body;
    const user = await this.findByPassword(email, password);
    if (user === null) throw new ApiError(iamErrors.badCredentials);
    const tenants = await this.database.inSystem('people', (unit) => tenantsRepository.listOf(unit, user.id));
    const tenant = chooseTenant(tenants, wanted);
    return this.database.inSystem(
      'people',
      async (unit) => {
        await unit.audit(auditEntryOf(user, call, logIn, { kind: 'user', id: user.id }));
        return sessionsRepository.begin(unit, {
          userId: user.id,
          tenantId: tenant?.tenantId ?? null,
          address: call.address,
        });
      },
      tenant === undefined ? {} : { tenantId: tenant.tenantId },
    );
  }

  /** The person with this address and password; null after the same time for unknown people. @throws ApiError `auth.too_many_attempts` */
  async findByPassword(email: string, password: string): Promise<UserEntity | null> {
    await this.throttle.count(email);
    const user = await this.database.inSystem('people', (unit) => usersRepository.findByEmail(unit, email));
    const isRight = await this.passwords.matches(password, user?.passwordHash ?? null);
    if (user === null || !isRight) return null;
    await this.throttle.clear(email);
    return user;
  }

  async logOut(call: EndpointCall<typeof logOut>): Promise<void> {
    const { id: userId, credentialId, tenantId } = personOf(call);
    const isEnded = await this.database.inSystem(
      'people',
      async (unit) => {
        const ended = await sessionsRepository.end(unit, userId, credentialId);
        if (ended) await unit.audit(auditEntry(call, logOut, { kind: 'session', id: credentialId }));
        return ended;
      },
      tenantId === undefined ? {} : { tenantId },
    );
    if (isEnded) await this.revocations.publish([credentialId]);
  }

  /** Takes effect with the next internal token, so with the next request that comes in at the edge. */
  async switchTenant(call: EndpointCall<typeof switchTenant>): Promise<void> {
    const { id: userId, credentialId } = personOf(call);
    const { tenantId } = call.body;
    await this.database.inSystem(
      'people',
      async (unit) => {
        const tenants = await tenantsRepository.listOf(unit, userId);
        if (!tenants.some((tenant) => tenant.tenantId === tenantId)) throw new ApiError(commonErrors.notFound);
        await sessionsRepository.moveTo(unit, credentialId, tenantId);
        await unit.audit(auditEntry(call, switchTenant, { kind: 'session', id: credentialId }));
      },
      { tenantId },
    );
  }
}

/** Naming an organisation that one is no member of is answered like a wrong password. */
function chooseTenant(tenants: readonly OwnTenant[], wanted: string | undefined): OwnTenant | undefined {
  if (wanted === undefined) return tenants[0];
  const chosen = tenants.find(({ tenantId }) => tenantId === wanted);
  if (!chosen) throw new ApiError(iamErrors.badCredentials);
  return chosen;
}
