import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type { getMail, listMails, Mail, MailSummary } from '@tollgate/contracts/rest/iam';
import { MailBox, MailEntity } from '@tollgate/notify';
import { Database, mapPage, readPage } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

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
    const rows = await this.database.inSystem(purpose, ({ manager }) => {
      const query = manager.createQueryBuilder(MailEntity, 'mail');
      if (to !== undefined) query.andWhere('mail.recipient = :to', { to });
      if (status !== undefined) query.andWhere('mail.status = :status', { status });
      return readPage(query, page, { direction: 'desc' });
    });
    return mapPage(rows, toSummary);
  }

  async get(call: EndpointCall<typeof getMail>): Promise<Mail> {
    const id = call.params.mailId;
    const row = await this.database.inSystem(purpose, ({ manager }) => manager.findOneBy(MailEntity, { id }));
    if (!row) throw new ApiError(commonErrors.notFound);
    return { ...toSummary(row), text: this.mailBox.textOf(row) };
  }
}

function toSummary(row: MailEntity): MailSummary {
  const { id, recipient: to, subject, status, attempts, lastError, createdAt } = row;
  return { id, to, subject, status, attempts, lastError, createdAt: createdAt.toISOString() };
}
