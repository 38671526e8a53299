import { defineServiceSchema, type Database } from '@tollgate/persistence';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import { createLogger } from '@tollgate/platform';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { MailBox } from './mail-box.ts';
import { MailSender } from './mail-sender.ts';
import { smtpTransport } from './mail-transport.ts';
import { MailEntity } from './mail.entity.ts';
import { mailDelivery, mailsTable } from './mails-table.ts';

class Mails1760000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(mailsTable('analytics'));
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table analytics.mails');
  }
}

const schema = defineServiceSchema({
  service: 'analytics',
  entities: [MailEntity],
  migrations: [Mails1760000000001],
  ...mailDelivery,
});
const masterKey = 'k'.repeat(32);
const logger = createLogger('analytics', 'silent');

let test: TestDatabase;
let database: Database;
let server: SMTPServer;
let received: { to: string[]; content: string }[];
let isRefusing: boolean;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [schema]);
  database = await test.connect(schema);
});
afterAll(() => test.drop());

beforeEach(async () => {
  received = [];
  isRefusing = false;
  await test.query('delete from analytics.mails');
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      void text(stream).then((content) => {
        if (isRefusing) return done(new Error('mailbox full'));
        received.push({ to: envelope.rcptTo.map(({ address }) => address), content });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

const newSender = (mailBox: MailBox) => {
  const { port } = server.server.address() as AddressInfo;
  return new MailSender(
    database,
    mailBox,
    smtpTransport(`smtp://127.0.0.1:${port}`, 'Tollgate <no-reply@tollgate.test>'),
    logger,
  );
};
const post = (mailBox: MailBox, subject = 'Hello') =>
  database.inTenant('tnt_sender', (unit) =>
    mailBox.post(unit, { to: 'ann@example.org', subject, text: 'a secret link' }),
  );
const rows = () =>
  test.query<{ status: string; sealed_text: string | null; attempts: number; last_error: string | null }>(
    'select * from analytics.mails',
  );

describe('a mail', () => {
  it('reaches its recipient over SMTP, once, and its text is dropped', async () => {
    const mailBox = new MailBox(masterKey, false);
    await post(mailBox);
    const sender = newSender(mailBox);
    expect(await sender.sendDue()).toBe(1);
    expect(await sender.sendDue()).toBe(0);
    expect(received).toEqual([
      { to: ['ann@example.org'], content: expect.stringContaining('a secret link') as string },
    ]);
    expect(await rows()).toMatchObject([{ status: 'sent', sealed_text: null }]);
  });

  it('is not sent when its unit of work fails', async () => {
    const mailBox = new MailBox(masterKey, false);
    const failing = database.inTenant('tnt_sender', async (unit) => {
      await mailBox.post(unit, { to: 'ann@example.org', subject: 'Hello', text: 'text' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow();
    expect(await newSender(mailBox).sendDue()).toBe(0);
  });

  it('is taken by one of two senders', async () => {
    const mailBox = new MailBox(masterKey, false);
    for (let index = 0; index < 6; index += 1) await post(mailBox, `mail ${index}`);
    const counts = await Promise.all([newSender(mailBox).sendDue(), newSender(mailBox).sendDue()]);
    expect(counts[0] + counts[1]).toBe(6);
    expect(received).toHaveLength(6);
  });

  it('waits for another attempt when the server refuses it, and is marked failed after the last', async () => {
    const mailBox = new MailBox(masterKey, false);
    await post(mailBox);
    isRefusing = true;
    const sender = newSender(mailBox);
    expect(await sender.sendDue()).toBe(0);
    expect(await rows()).toMatchObject([
      { status: 'queued', attempts: 1, last_error: expect.stringContaining('mailbox full') as string },
    ]);
    expect(await sender.sendDue(), 'not due yet').toBe(0);
    await test.query('update analytics.mails set attempts = 7, next_attempt_at = now()');
    await sender.sendDue();
    expect(await rows()).toMatchObject([{ status: 'failed', attempts: 8 }]);
  });

  it('is captured without a mail server, readable with the key only', async () => {
    const mailBox = new MailBox(masterKey, true);
    await post(mailBox);
    const [mail] = await database.inSystem('mail-delivery', ({ manager }) => manager.find(MailEntity));
    expect(mail?.status).toBe('captured');
    expect(mail?.sealedText).not.toContain('secret');
    expect(mail && mailBox.textOf(mail)).toBe('a secret link');
    expect(() => mail && new MailBox('other'.repeat(8), true).textOf(mail)).toThrow();
    expect(await newSender(mailBox).sendDue()).toBe(0);
  });
});
