import { commonErrors } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import { MailEntity, type MailStatus } from '@tollgate/notify';
import { type PageRequest, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';

/** Mails, in system units. */
export const mailsRepository = {
  list(
    unit: UnitOfWork,
    filter: { to?: string | undefined; status?: MailStatus | undefined },
    page: PageRequest,
  ): Promise<Page<MailEntity>> {
    const query = unit.manager.createQueryBuilder(MailEntity, 'mail');
    if (filter.to !== undefined) query.andWhere('mail.recipient = :to', { to: filter.to });
    if (filter.status !== undefined) query.andWhere('mail.status = :status', { status: filter.status });
    return readPage(query, page, { direction: 'desc' });
  },

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<MailEntity> {
    const row = await unit.manager.findOneBy(MailEntity, { id });
    if (!row) throw new ApiError(commonErrors.notFound);
    return row;
  },

  async deleteAllTo(unit: UnitOfWork, recipient: string): Promise<void> {
    await unit.manager.delete(MailEntity, { recipient });
  },
};
