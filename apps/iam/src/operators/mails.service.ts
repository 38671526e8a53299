import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type { getMail, listMails, Mail, MailSummary } from '@tollgate/contracts/rest/iam';
import { MailBox, type MailEntity } from '@tollgate/notify';
import { Database, mapPage } from '@tollgate/persistence';
import { mailsRepository } from './mails.repository.ts';

const purpose = 'tenant-operation';

/** Mails as operators see them; those that were captured can be read. */
@Injectable()
export class MailsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MailBox) private readonly mailBox: MailBox,
  ) {}

  async list(call: EndpointCall<typeof listMails>): Promise<Page<MailSummary>> {
    const { to, status, ...page } = call.query;
    const rows = await this.database.inSystem(purpose, (unit) => mailsRepository.list(unit, { to, status }, page));
    return mapPage(rows, toSummary);
  }

  async get(call: EndpointCall<typeof getMail>): Promise<Mail> {
    const row = await this.database.inSystem(purpose, (unit) => mailsRepository.get(unit, call.params.mailId));
    return { ...toSummary(row), text: this.mailBox.textOf(row) };
  }
}

function toSummary(row: MailEntity): MailSummary {
  const { id, recipient: to, subject, status, attempts, lastError, createdAt } = row;
  return { id, to, subject, status, attempts, lastError, createdAt: createdAt.toISOString() };
}
