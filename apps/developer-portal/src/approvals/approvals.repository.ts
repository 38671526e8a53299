import { Injectable } from '@nestjs/common';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { ApprovalItem, ApprovalKind } from '@tollgate/contracts/rest/portal';
import { mapPage, readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApprovalQueueEntity } from './approval-queue.entity.ts';

@Injectable()
export class ApprovalsRepository {
  /** What waits for an administrator, in the order of waiting. */
  async list(
    { manager }: UnitOfWork,
    { kind, ...page }: PageQuery & { kind?: ApprovalKind | undefined },
  ): Promise<Page<ApprovalItem>> {
    const query = manager.createQueryBuilder(ApprovalQueueEntity, 'item');
    if (kind !== undefined) query.andWhere('item.kind = :kind', { kind });
    return mapPage(await readPage(query, page, { by: 'position' }), toItem);
  }
}

function toItem(row: ApprovalQueueEntity): ApprovalItem {
  const { kind, developerId, developerName, developerEmail, emailVerified } = row;
  const who = { requestedAt: row.requestedAt.toISOString(), developerId, developerName, developerEmail };
  if (kind === 'developer') return { kind, ...who, emailVerified };
  return {
    kind,
    ...who,
    subscriptionId: row.subscriptionId ?? '',
    applicationName: row.applicationName ?? '',
    productName: row.productName ?? '',
    planName: row.planName ?? '',
  };
}
