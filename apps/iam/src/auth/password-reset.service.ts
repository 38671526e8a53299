import { Inject, Injectable } from '@nestjs/common';
import { newSecretToken, Passwords } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { requestPasswordReset, resetPassword } from '@tollgate/contracts/rest/iam';
import { MailBox } from '@tollgate/notify';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { PLATFORM_CONFIG, type PlatformConfig } from '@tollgate/platform';
import { RevocationList } from '../revocations/revocation-list.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { auditEntry, auditEntryOf } from '../shared/audit.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';
import { usersRepository } from '../users/users.repository.ts';
import { passwordResetsRepository } from './password-resets.repository.ts';
import { LoginThrottle, PasswordResetThrottle } from './throttles.ts';

const purpose = 'people';
const lifetimeMs = 60 * 60 * 1000;

/** New passwords for people who forgot theirs, by a link in a mail. */
@Injectable()
export class PasswordResetService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(MailBox) private readonly mailBox: MailBox,
    @Inject(PasswordResetThrottle) private readonly throttle: PasswordResetThrottle,
    @Inject(LoginThrottle) private readonly logins: LoginThrottle,
    @Inject(RevocationList) private readonly revocations: RevocationList,
    @Inject(PLATFORM_CONFIG) private readonly config: PlatformConfig,
  ) {}

  /** Says nothing about whether the address is known. @throws ApiError `auth.too_many_attempts` */
  async request(call: EndpointCall<typeof requestPasswordReset>): Promise<void> {
    const { email } = call.body;
    await this.throttle.count(email);
    const user = await this.database.inSystem(purpose, (unit) => usersRepository.findByEmail(unit, email));
    if (user === null) return;
    await this.inOwnUnit(user.id, async (unit) => {
      await this.mailLink(unit, user);
      await unit.audit(auditEntry(call, requestPasswordReset, { kind: 'user', id: user.id }));
    });
  }

  /**
   * A link works once; using one ends the person's sessions and all other links, and forgets the passwords that were tried before.
   * @throws ApiError `password_reset.gone`
   */
  async reset(call: EndpointCall<typeof resetPassword>): Promise<void> {
    const { token, password } = call.body;
    const passwordHash = await this.passwords.hash(password);
    const userId = await this.database.inSystem(purpose, (unit) => passwordResetsRepository.getUserId(unit, token));
    const { ended, email } = await this.inOwnUnit(userId, async (unit) => {
      await passwordResetsRepository.take(unit, token);
      await usersRepository.update(unit, userId, { passwordHash });
      const user = await usersRepository.get(unit, userId);
      await unit.audit(auditEntryOf(user, call, resetPassword, { kind: 'user', id: userId }));
      return { ended: await sessionsRepository.endAll(unit, userId, {}), email: user.email };
    });
    await this.revocations.publish(ended);
    await this.logins.clear(email);
  }

  /** Works in the organisation that the person joined first, as a log-in does that names none; its audit log tells. */
  private async inOwnUnit<T>(userId: string, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const [first] = await this.database.inSystem(purpose, (unit) => tenantsRepository.listOf(unit, userId));
    return this.database.inSystem(purpose, work, first === undefined ? {} : { tenantId: first.tenantId });
  }

  private async mailLink(unit: UnitOfWork, user: { id: string; email: string; name: string }): Promise<void> {
    const token = newSecretToken('rst');
    const expiresAt = new Date(Date.now() + lifetimeMs);
    await passwordResetsRepository.insert(unit, { userId: user.id, token, expiresAt });
    await this.mailBox.post(unit, {
      to: user.email,
      subject: 'Set a new password',
      text: `Hello ${user.name},

with this link you can set a new password within the next hour:
${this.config.PUBLIC_CONSOLE_URL}/reset-password#token=${token}

If you did not ask for it, you need not do anything.
`,
    });
  }
}
