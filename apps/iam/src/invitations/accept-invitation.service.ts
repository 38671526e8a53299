import { Inject, Injectable } from '@nestjs/common';
import { Passwords } from '@tollgate/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { acceptInvitation, iamErrors, type IssuedSession } from '@tollgate/contracts/rest/iam';
import { Database, isUniqueViolation, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { LoginService } from '../auth/login.service.ts';
import { membersRepository } from '../members/members.repository.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntryOf } from '../shared/audit.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { usersRepository } from '../users/users.repository.ts';
import type { InvitationEntity } from './invitation.entity.ts';
import { invitationsRepository } from './invitations.repository.ts';

/** Lets an invited person in: with the account they have, or with a new one. */
@Injectable()
export class AcceptInvitationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(LoginService) private readonly logins: LoginService,
  ) {}

  async accept(call: EndpointCall<typeof acceptInvitation>): Promise<IssuedSession> {
    const { token, name, password } = call.body;
    const { tenantId, email } = await this.find(token);
    const account = await this.findAccount(email);
    if (account !== null && (await this.logins.findByPassword(email, password)) === null) {
      throw new ApiError(iamErrors.badCredentials);
    }
    if (account === null && name === undefined) throw nameIsMissing();
    const passwordHash = account === null ? await this.passwords.hash(password) : '';

    const work = async (unit: UnitOfWork): Promise<IssuedSession> => {
      const invitation = await invitationsRepository.getValid(unit, token);
      await invitationsRepository.markAccepted(unit, invitation.id);
      const person = account ?? (await usersRepository.insert(unit, { email, name: name ?? email, passwordHash }));
      const membership = { tenantId, userId: person.id, role: invitation.role };
      const memberId = await membersRepository.insert(unit, membership);
      await unit.audit(
        auditEntryOf(person, call, acceptInvitation, { kind: 'member', id: memberId }, { role: invitation.role }),
      );
      return sessionsRepository.begin(unit, { userId: person.id, tenantId, address: call.address });
    };
    try {
      return await this.database.inSystem('accept-invitation', work, { tenantId });
    } catch (cause) {
      if (isUniqueViolation(cause, 'memberships_user_key')) throw new ApiError(iamErrors.alreadyMember, { cause });
      throw cause;
    }
  }

  private find(token: string): Promise<InvitationEntity> {
    return this.database.inSystem('accept-invitation', (unit) => invitationsRepository.getValid(unit, token));
  }

  private findAccount(email: string): Promise<UserEntity | null> {
    return this.database.inSystem('people', (unit) => usersRepository.findByEmail(unit, email));
  }
}

function nameIsMissing(): ApiError {
  return new ApiError(commonErrors.invalid, {
    errors: [{ pointer: '/name', message: 'A new account needs a name.' }],
  });
}
