import { Injectable } from '@nestjs/common';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import type { ListSort, Page, PageQuery } from '@tollgate/contracts/rest';
import type { DraftResource } from '@tollgate/contracts/rest/gateway';
import { orderOf, readPage, type UnitOfWork, whereHolds } from '@tollgate/persistence';
import type { SelectQueryBuilder } from 'typeorm';
import { DraftResourceEntity } from './draft-resource.entity.ts';

/** Which resources of one kind a list takes; what is left out takes all. */
export interface DraftFilter {
  groupId: string;
  kind: ResourceKind;
  workspaceId?: string | undefined;
  search?: string | undefined;
  ids?: readonly string[] | undefined;
  isPublished?: boolean | undefined;
  isEnabled?: boolean | undefined;
  method?: string | undefined;
  serviceId?: string | undefined;
  upstreamId?: string | undefined;
  consumerGroupId?: string | undefined;
  policyTemplateId?: string | undefined;
}

/** How a list is read. */
export type DraftPage = PageQuery & { sort?: ListSort | undefined; withTotal?: boolean | undefined };

/** Lists of a draft. Every filter stays within one kind of one group: an index leads there, and to the rows of most filters. */
@Injectable()
export class DraftListsRepository {
  list({ manager }: UnitOfWork, filter: DraftFilter, page: DraftPage): Promise<Page<DraftResourceEntity>> {
    const query = manager
      .createQueryBuilder(DraftResourceEntity, 'draft')
      .where('draft.groupId = :groupId and draft.kind = :kind and draft.contentHash is not null', filter);
    whereHolds(query, 'draft.search_text', filter.search);
    whereEqual(query, filter);
    whereRefers(query, filter);
    return readPage(query, page, orderOf(page.sort ?? 'id'));
  }

  /** How many resources of the draft refer to each of these, by kind. */
  async countUse(
    { manager }: UnitOfWork,
    { groupId, kind, ids }: { groupId: string; kind: ResourceKind; ids: readonly string[] },
  ): Promise<Map<string, DraftResource['usedBy']>> {
    const rows = await manager.query<{ id: string; usedBy: DraftResource['usedBy'] }[]>(
      `select id, jsonb_object_agg(kind, uses) as "usedBy" from (
         select r.to_id as id, r.kind, count(*) as uses from draft_references r
         where r.group_id = $1 and r.to_kind = $2 and r.to_id = any($3) group by r.to_id, r.kind
       ) counted group by id`,
      [groupId, kind, ids],
    );
    return new Map(rows.map(({ id, usedBy }) => [id, usedBy]));
  }
}

type Drafts = SelectQueryBuilder<DraftResourceEntity>;

function whereEqual(query: Drafts, filter: DraftFilter): void {
  const { workspaceId, ids, isPublished, isEnabled, method, policyTemplateId } = filter;
  if (workspaceId !== undefined) query.andWhere('draft.workspaceId = :workspaceId', { workspaceId });
  if (ids !== undefined) query.andWhere('draft.id = any(:ids)', { ids });
  if (isPublished !== undefined) query.andWhere(isPublished ? 'not draft.isChanged' : 'draft.isChanged');
  if (policyTemplateId !== undefined) query.andWhere('draft.templateId = :policyTemplateId', { policyTemplateId });
  // APISIX: 0 is disabled, and 1 the default.
  if (isEnabled !== undefined) {
    query.andWhere(`draft.value->'status' is ${isEnabled ? '' : 'not '}distinct from '0'::jsonb`);
  }
  if (method !== undefined) {
    query.andWhere(`(jsonb_exists(draft.value->'methods', :method) or coalesce(draft.value->'methods', '[]') = '[]')`, {
      method,
    });
  }
}

function whereRefers(query: Drafts, { serviceId, upstreamId, consumerGroupId }: DraftFilter): void {
  const targets = { service: serviceId, upstream: upstreamId, consumer_group: consumerGroupId };
  for (const [toKind, toId] of Object.entries(targets)) {
    if (toId === undefined) continue;
    query.andWhere(
      `draft.id in (select r.id from draft_references r where r.group_id = :groupId and r.kind = :kind
         and r.to_kind = '${toKind}' and r.to_id = :${toKind})`,
      { [toKind]: toId },
    );
  }
}
