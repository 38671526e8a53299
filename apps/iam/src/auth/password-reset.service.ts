import { Inject, Injectable } from '@nestjs/common';
import { newSecretToken, Passwords } from '@tollgate/auth';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type { requestPasswordReset, resetPassword } from '@tollgate/contracts/rest/iam';
import { MailBox } from '@tollgate/notify';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { PLATFORM_CONFIG, type PlatformConfig } from '@tollgate/platform';
import { RevocationList } from '../revocations/revocation-list.ts';
import { sessionsRepository } from '../sessions/sessions.repository.ts';
import { usersRepository } from '../users/users.repository.ts';
import { passwordResetsRepository } from './password-resets.repository.ts';

const lifetimeMs = 60 * 60 * 1000;

/** New passwords for people who forgot theirs, by a link in a mail. */
@Injectable()
export class PasswordResetService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(MailBox) private readonly mailBox: MailBox,
    @Inject(RevocationList) private readonly revocations: RevocationList,
    @Inject(PLATFORM_CONFIG) private readonly config: PlatformConfig,
  ) {}

  /** Says nothing about whether the address is known. */
  async request({ body: { email } }: EndpointCall<typeof requestPasswordReset>): Promise<void> {
    await this.database.inSystem('people', async (unit) => {
      const user = await usersRepository.findByEmail(unit, email);
      if (user) await this.mailLink(unit, user);
    });
  }

  /** A link works once; using one ends the person's sessions and all other links. */
  async reset({ body }: EndpointCall<typeof resetPassword>): Promise<void> {
    const passwordHash = await this.passwords.hash(body.password);
    const ended = await this.database.inSystem('people', async (unit) => {
      const userId = await passwordResetsRepository.take(unit, body.token);
      await usersRepository.update(unit, userId, { passwordHash });
      return sessionsRepository.endAll(unit, userId, {});
    });
    await this.revocations.publish(ended);
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
${this.config.PUBLIC_CONSOLE_URL}/reset-password?token=${token}

If you did not ask for it, you need not do anything.
`,
    });
  }
}
