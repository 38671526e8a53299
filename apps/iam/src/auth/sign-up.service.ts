import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { Passwords } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { signUp, type IssuedSession } from '@tollgate/contracts/rest/iam';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { membersRepository } from '../members/members.repository.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntryOf } from '../shared/audit.ts';
import { refuseTaken } from '../shared/taken.ts';
import { addTenant } from '../tenants/add-tenant.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { usersRepository } from '../users/users.repository.ts';

/** Makes a tenant with its first owner. */
@Injectable()
export class SignUpService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
  ) {}

  async signUp(call: EndpointCall<typeof signUp>): Promise<IssuedSession> {
    const tenantId = newId('tnt');
    const passwordHash = await this.passwords.hash(call.body.user.password);
    const work = async (unit: UnitOfWork): Promise<IssuedSession> => {
      const owner = await this.makeTenant(unit, tenantId, { ...call.body, passwordHash });
      await unit.audit(auditEntryOf(owner, call, signUp, { kind: 'tenant', id: tenantId }));
      return sessionsRepository.begin(unit, { userId: owner.id, tenantId, address: call.address });
    };
    const fields = { tenants_slug_key: '/organisation/slug', users_email_key: '/user/email' };
    return refuseTaken(fields, () => this.database.inSystem('sign-up', work, { tenantId }));
  }

  private async makeTenant(
    unit: UnitOfWork,
    tenantId: string,
    { organisation, user, passwordHash }: EndpointCall<typeof signUp>['body'] & { passwordHash: string },
  ): Promise<UserEntity> {
    await addTenant(unit, { id: tenantId, ...organisation });
    const owner = await usersRepository.insert(unit, { email: user.email, name: user.name, passwordHash });
    await membersRepository.insert(unit, { tenantId, userId: owner.id, role: 'owner' });
    return owner;
  }
}
