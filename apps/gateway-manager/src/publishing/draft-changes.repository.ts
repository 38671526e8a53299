import { Injectable } from '@nestjs/common';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { DraftChange } from '@tollgate/contracts/rest/gateway';
import { readPage, type UnitOfWork, whereHolds } from '@tollgate/persistence';
import { DraftResourceEntity } from '../resources/draft-resource.entity.ts';
import { PublishedResourceEntity } from './published-resource.entity.ts';
import type { GroupPart } from './revisions.repository.ts';

/** A template that resources of a workspace refer to; version 0 stands for the latest. */
export interface TemplateUse {
  workspaceId: string;
  templateId: string;
  templateVersion: number;
}

/** Which changes are listed. */
export type DraftChangesQuery = PageQuery & {
  kind?: ResourceKind | undefined;
  change?: DraftChange['change'] | undefined;
  search?: string | undefined;
  withTotal?: boolean | undefined;
};

/** What a changed row stands for. */
const rowsOf = {
  add: 'draft.publishedHash is null',
  change: 'draft.publishedHash is not null and draft.contentHash is not null',
  remove: 'draft.contentHash is null',
} as const satisfies Record<DraftChange['change'], string>;

/** Where draft and revision in force differ. Reads what differs, never what is equal. */
@Injectable()
export class DraftChangesRepository {
  list(
    { manager }: UnitOfWork,
    part: GroupPart,
    { kind, change, search, ...page }: DraftChangesQuery,
  ): Promise<Page<DraftResourceEntity>> {
    const query = manager
      .createQueryBuilder(DraftResourceEntity, 'draft')
      .where('draft.groupId = :groupId and draft.isChanged', part);
    if (part.workspaceId !== null) query.andWhere('draft.workspaceId = :workspaceId', part);
    if (kind !== undefined) query.andWhere('draft.kind = :kind', { kind });
    if (change !== undefined) query.andWhere(rowsOf[change]);
    whereHolds(query, 'draft.search_text', search);
    return readPage(query, page, { by: 'key' });
  }

  findAll({ manager }: UnitOfWork, part: GroupPart): Promise<DraftResourceEntity[]> {
    const query = manager
      .createQueryBuilder(DraftResourceEntity, 'draft')
      .where('draft.groupId = :groupId and draft.isChanged', part);
    if (part.workspaceId !== null) query.andWhere('draft.workspaceId = :workspaceId', part);
    return query.orderBy('draft.key').getMany();
  }

  /** Each template once, however many resources refer to it: the query skips along the index from one to the next. */
  findTemplates({ manager }: UnitOfWork, part: GroupPart): Promise<TemplateUse[]> {
    const next = (after: string) => `
      select workspace_id, template_id, template_version from draft_resources
      where group_id = $1 and template_id is not null and ($2::text is null or workspace_id = $2) ${after}
      order by workspace_id, template_id, template_version limit 1`;
    return manager.query(
      `with recursive used as (
         (${next('')})
         union all
         select following.* from used cross join lateral (${next(
           'and (workspace_id, template_id, template_version) > (used.workspace_id, used.template_id, used.template_version)',
         )}) following
       )
       select workspace_id as "workspaceId", template_id as "templateId", template_version as "templateVersion" from used`,
      [part.groupId, part.workspaceId],
    );
  }

  /** The `plugin_config` resources in force, which publish makes out of templates. */
  findPluginConfigs({ manager }: UnitOfWork, { groupId, workspaceId }: GroupPart): Promise<PublishedResourceEntity[]> {
    const where = { groupId, kind: 'plugin_config' as const, ...(workspaceId === null ? {} : { workspaceId }) };
    return manager.findBy(PublishedResourceEntity, where);
  }
}
