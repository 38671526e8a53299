import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { MailBox } from './mail-box.ts';
import { MailSender } from './mail-sender.ts';
import { smtpTransport } from './mail-transport.ts';

/** How a service sends mail. */
export interface MailOptions {
  masterKey: string;
  /** Without it mails are captured: kept in the table of mails, sent to nobody. */
  smtpUrl: string | undefined;
  from: string;
}

/** Gives a service its {@link MailBox} and, with a mail server, the sender that empties it. */
@Global()
@Module({})
export class MailModule {
  static forService({ masterKey, smtpUrl, from }: MailOptions): DynamicModule {
    const mailBox = new MailBox(masterKey, smtpUrl === undefined);
    const sender = {
      provide: MailSender,
      inject: [Database, LOGGER],
      useFactory: (database: Database, logger: Logger) =>
        new MailSender(database, mailBox, smtpTransport(smtpUrl ?? '', from), logger),
    };
    return {
      module: MailModule,
      providers: [{ provide: MailBox, useValue: mailBox }, ...(smtpUrl === undefined ? [] : [sender])],
      exports: [MailBox],
    };
  }
}
