import { Inject, Injectable } from '@nestjs/common';
import { Passwords } from '@tollgate/auth';
import type { Principal } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  changePassword,
  endSession,
  type listSessions,
  type Me,
  renameMe,
  type Session,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { LoginService } from '../auth/login.service.ts';
import { RevocationList } from '../revocations/revocation-list.ts';
import type { SessionEntity } from '../sessions/session.entity.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntry } from '../shared/audit.ts';
import { personOf } from '../shared/person.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';
import { usersRepository } from '../users/users.repository.ts';
import { confirmPassword } from './confirm-password.ts';

const purpose = 'people';

/** What callers see of themselves and change about themselves. */
@Injectable()
export class MeService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(LoginService) private readonly logins: LoginService,
    @Inject(RevocationList) private readonly revocations: RevocationList,
  ) {}

  get(principal: Principal): Promise<Me> {
    return this.database.inSystem(purpose, (unit) =>
      principal.kind === 'service-account' ? describeAccount(unit, principal) : describePerson(unit, principal),
    );
  }

  async rename(call: EndpointCall<typeof renameMe>): Promise<Me> {
    const principal = personOf(call);
    await this.inOwnUnit(principal, async (unit) => {
      await usersRepository.update(unit, principal.id, { name: call.body.name });
      await unit.audit(auditEntry(call, renameMe, { kind: 'user', id: principal.id }));
    });
    return this.get(principal);
  }

  async changePassword(call: EndpointCall<typeof changePassword>): Promise<void> {
    const principal = personOf(call);
    const user = await this.database.inSystem(purpose, (unit) => usersRepository.get(unit, principal.id));
    await confirmPassword(this.logins, user, call.body.currentPassword);
    const passwordHash = await this.passwords.hash(call.body.newPassword);
    const ended = await this.inOwnUnit(principal, async (unit) => {
      await usersRepository.update(unit, principal.id, { passwordHash });
      await unit.audit(auditEntry(call, changePassword, { kind: 'user', id: principal.id }));
      return sessionsRepository.endAll(unit, principal.id, { exceptId: principal.credentialId });
    });
    await this.revocations.publish(ended);
  }

  async listSessions(call: EndpointCall<typeof listSessions>): Promise<Page<Session>> {
    const principal = personOf(call);
    const page = await this.database.inSystem(purpose, (unit) =>
      sessionsRepository.listActive(unit, principal.id, call.query),
    );
    return mapPage(page, (row) => toSession(row, principal.credentialId));
  }

  async endSession(call: EndpointCall<typeof endSession>): Promise<void> {
    const principal = personOf(call);
    const { sessionId } = call.params;
    await this.inOwnUnit(principal, async (unit) => {
      const isEnded = await sessionsRepository.end(unit, principal.id, sessionId);
      if (!isEnded) throw new ApiError(commonErrors.notFound);
      await unit.audit(auditEntry(call, endSession, { kind: 'session', id: sessionId }));
    });
    await this.revocations.publish([sessionId]);
  }

  private inOwnUnit<T>({ tenantId }: Principal, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    return this.database.inSystem(purpose, work, tenantId === undefined ? {} : { tenantId });
  }
}

async function describePerson(unit: UnitOfWork, principal: Principal): Promise<Me> {
  const user = await usersRepository.get(unit, principal.id);
  const tenants = await tenantsRepository.listOf(unit, user.id);
  const tenant = tenants.find(({ tenantId }) => tenantId === principal.tenantId);
  return {
    kind: user.isOperator ? 'operator' : 'user',
    id: user.id,
    name: user.name,
    email: user.email,
    tenant: tenant ? { id: tenant.tenantId, name: tenant.name, slug: tenant.slug, status: tenant.status } : null,
    role: tenant?.role ?? null,
    permissions: principal.permissions,
    memberships: tenants.map(({ tenantId, name, slug, role }) => ({ tenantId, name, slug, role })),
  };
}

async function describeAccount(unit: UnitOfWork, principal: Principal): Promise<Me> {
  const { id, name, slug, status } = await tenantsRepository.get(unit, principal.tenantId ?? '');
  return {
    kind: 'service-account',
    id: principal.id,
    name: principal.name ?? principal.id,
    email: null,
    tenant: { id, name, slug, status },
    role: null,
    permissions: principal.permissions,
    memberships: [],
  };
}

function toSession(row: SessionEntity, currentId: string | undefined): Session {
  return {
    id: row.id,
    isCurrent: row.id === currentId,
    address: row.address,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
