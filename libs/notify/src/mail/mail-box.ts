import { newId } from '@tollgate/contracts';
import { deriveKey, open, seal } from '@tollgate/platform';
import type { UnitOfWork } from '@tollgate/persistence';
import { MailEntity } from './mail.entity.ts';

/** A mail to be written. */
export interface NewMail {
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

/** Takes mails inside units of work: a mail is sent if and only if the unit commits. */
export class MailBox {
  readonly #key: Buffer;

  /** @param isCapturing there is no mail server: mails are kept to be read by operators. */
  constructor(
    masterKey: string,
    private readonly isCapturing: boolean,
  ) {
    this.#key = deriveKey(masterKey, 'mails');
  }

  /** Adds a mail to the unit. */
  async post(unit: UnitOfWork, mail: NewMail): Promise<void> {
    const id = newId('mail');
    await unit.manager.insert(MailEntity, {
      id,
      recipient: mail.to,
      subject: mail.subject,
      sealedText: seal(this.#key, mail.text, id),
      status: this.isCapturing ? 'captured' : 'queued',
      attempts: 0,
      nextAttemptAt: new Date(),
      lastError: null,
      createdAt: new Date(),
    });
  }

  /** Text of a mail, or null when it was sent and dropped. */
  textOf(mail: Pick<MailEntity, 'id' | 'sealedText'>): string | null {
    return mail.sealedText === null ? null : open(this.#key, mail.sealedText, mail.id).toString('utf8');
  }
}
