import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { Mail, MailSummary } from '@tollgate/contracts/rest/iam';
import { MailBox, MailEntity } from '@tollgate/notify';
import { mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

/** Which mails a list holds; what is not named does not matter. */
export interface MailFilter {
  to?: string | undefined;
  status?: MailSummary['status'] | undefined;
}

/** Mails of all tenants; for system units. */
@Injectable()
export class PortalMailsRepository {
  constructor(@Inject(MailBox) private readonly mailBox: MailBox) {}

  async list({ manager }: UnitOfWork, page: PageQuery, { to, status }: MailFilter): Promise<Page<MailSummary>> {
    const query = manager.createQueryBuilder(MailEntity, 'mail');
    if (to !== undefined) query.andWhere('mail.recipient = :to', { to });
    if (status !== undefined) query.andWhere('mail.status = :status', { status });
    return mapPage(await readPage(query, page, { direction: 'desc' }), toSummary);
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, id: string): Promise<Mail> {
    const row = await manager.findOneBy(MailEntity, { id });
    if (row === null) throw new ApiError(commonErrors.notFound);
    return { ...toSummary(row), text: this.mailBox.textOf(row) };
  }
}

function toSummary({ id, recipient, subject, status, attempts, lastError, createdAt }: MailEntity): MailSummary {
  return { id, to: recipient, subject, status, attempts, lastError, createdAt: createdAt.toISOString() };
}
