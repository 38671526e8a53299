import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Database } from '@tollgate/persistence';
import type { Logger } from 'pino';
import type { MailBox } from './mail-box.ts';
import type { MailTransport } from './mail-transport.ts';
import { MailEntity } from './mail.entity.ts';

const purpose = 'mail-delivery';
/** How often the queue is looked at; a mail waits half of it on average. */
const everyMs = 2_000;
const batchSize = 10;
const maxAttempts = 8;
/** Seconds that a sender has for its batch before another one may take the mails. */
const leaseSeconds = 180;

/**
 * Sends queued mails, at least once each: taken under a lease, retried with growing pauses (1 minute doubling, about two hours in all),
 * then marked `failed` with the reason.
 */
export class MailSender implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly mailBox: MailBox,
    private readonly transport: MailTransport,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#wake(), everyMs);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
    this.transport.close();
  }

  /** Sends what is due now. Returns how many mails the server took. */
  async sendDue(): Promise<number> {
    const due = await this.#take();
    let sent = 0;
    for (const mail of due) if (await this.#send(mail)) sent += 1;
    return sent;
  }

  #wake(): void {
    this.#running ??= this.sendDue()
      .then(() => undefined)
      .catch((err: unknown) => this.logger.warn({ err }, 'the mail queue could not be read'))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Leases a batch; what another instance is taking at the same moment is skipped. */
  async #take(): Promise<MailEntity[]> {
    return this.database.inSystem(purpose, async ({ manager }) => {
      const due = await manager
        .createQueryBuilder(MailEntity, 'mail')
        .where(`mail.status = 'queued' and mail.nextAttemptAt <= now()`)
        .orderBy('mail.nextAttemptAt')
        .limit(batchSize)
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getMany();
      const nextAttemptAt = new Date(Date.now() + leaseSeconds * 1000);
      for (const mail of due) {
        mail.attempts += 1;
        await manager.update(MailEntity, mail.id, { attempts: mail.attempts, nextAttemptAt });
      }
      return due;
    });
  }

  async #send(mail: MailEntity): Promise<boolean> {
    try {
      const text = this.mailBox.textOf(mail) ?? '';
      await this.transport.deliver({ id: mail.id, to: mail.recipient, subject: mail.subject, text });
    } catch (err) {
      this.logger.warn({ err, mailId: mail.id, attempts: mail.attempts }, 'a mail was not taken by the mail server');
      await this.#postpone(mail, err instanceof Error ? err.message : String(err));
      return false;
    }
    await this.#mark(mail.id, { status: 'sent', sealedText: null, lastError: null });
    return true;
  }

  async #postpone(mail: MailEntity, lastError: string): Promise<void> {
    const pauseMs = 60_000 * 2 ** (mail.attempts - 1);
    const status = mail.attempts >= maxAttempts ? 'failed' : 'queued';
    await this.#mark(mail.id, {
      status,
      lastError: lastError.slice(0, 500),
      nextAttemptAt: new Date(Date.now() + pauseMs),
    });
  }

  async #mark(id: string, change: Partial<MailEntity>): Promise<void> {
    await this.database.inSystem(purpose, ({ manager }) => manager.update(MailEntity, id, change));
  }
}
