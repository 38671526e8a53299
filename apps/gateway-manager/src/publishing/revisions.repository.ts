import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { Revision } from '@tollgate/contracts/rest/gateway';
import { readPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { RevisionChangeEntity } from './revision-change.entity.ts';
import { RevisionEntity } from './revision.entity.ts';
import type { ResourceChange } from './revision-writer.ts';

/** Which part of a group is meant: one workspace, or everything. */
export interface GroupPart {
  groupId: string;
  workspaceId: string | null;
}

/** The changes as a relation `c`, passed as one parameter. */
const changeRelation = `jsonb_to_recordset($2::jsonb)
  as c(kind text, id text, "workspaceId" text, "beforeHash" text, "afterHash" text, content jsonb)`;

@Injectable()
export class RevisionsRepository {
  list({ manager }: UnitOfWork, groupId: string, page: PageQuery): Promise<Page<RevisionEntity>> {
    const query = manager
      .createQueryBuilder(RevisionEntity, 'revision')
      .where('revision.groupId = :groupId', { groupId });
    return readPage(query, page, { by: 'revision', direction: 'desc' });
  }

  /** @throws ApiError `resource.not_found` */
  async get({ manager }: UnitOfWork, groupId: string, revision: number): Promise<RevisionEntity> {
    const found = await manager.findOneBy(RevisionEntity, { groupId, revision });
    if (found === null) throw new ApiError(commonErrors.notFound);
    return found;
  }

  listChanges(
    { manager }: UnitOfWork,
    groupId: string,
    revision: number,
    page: PageQuery,
  ): Promise<Page<RevisionChangeEntity>> {
    const query = manager
      .createQueryBuilder(RevisionChangeEntity, 'change')
      .where('change.groupId = :groupId and change.revision = :revision', { groupId, revision });
    return readPage(query, page, { by: 'key' });
  }

  /** What others changed in a part after a revision, at most `limit` lines. */
  findChangedAfter(
    { manager }: UnitOfWork,
    part: GroupPart,
    revision: number,
    limit: number,
  ): Promise<{ kind: ResourceKind; id: string; revision: number }[]> {
    return manager.query(
      `select kind, id, max(revision) as revision from revision_changes
       where group_id = $1 and revision > $2 and ($3::text is null or workspace_id = $3)
       group by kind, id order by kind, id limit $4`,
      [part.groupId, revision, part.workspaceId, limit],
    );
  }

  /** What must change so that a part is as it was in an older revision. Reads the changes since, nothing else. */
  findWayBack({ manager }: UnitOfWork, part: GroupPart, revision: number): Promise<ResourceChange[]> {
    return manager.query(
      `select past.kind, past.id, past.workspace_id as "workspaceId",
              past.present_hash as "beforeHash", past.before_hash as "afterHash"
       from (
         select first.*, (select p.content_hash from published_resources p
                          where p.tenant_id = first.tenant_id and p.group_id = first.group_id
                            and p.kind = first.kind and p.id = first.id) as present_hash
         from (
           select distinct on (kind, id) tenant_id, group_id, kind, id, workspace_id, before_hash from revision_changes
           where group_id = $1 and revision > $2 and ($3::text is null or workspace_id = $3)
           order by kind, id, revision
         ) first
       ) past
       where past.present_hash is distinct from past.before_hash
       order by past.kind, past.id`,
      [part.groupId, revision, part.workspaceId],
    );
  }

  /** Stores a revision: new contents, the change rows, the index of what is in force, and what the draft differs from. */
  async insert(
    { manager, tenantId }: UnitOfWork,
    revision: Revision,
    changes: readonly ResourceChange[],
  ): Promise<void> {
    const { groupId } = revision;
    const rows = JSON.stringify(changes);
    await manager.insert(RevisionEntity, {
      ...revision,
      tenantId: tenantId ?? '',
      publishedAt: new Date(revision.publishedAt),
    });
    await manager.query(
      `insert into contents (tenant_id, hash, value)
       select distinct on (c."afterHash") $1, c."afterHash", c.content from ${changeRelation} where c.content is not null
       on conflict do nothing`,
      [tenantId, rows],
    );
    await manager.query(
      `insert into revision_changes (tenant_id, group_id, revision, kind, id, workspace_id, before_hash, after_hash)
       select $1, $3, $4, kind, id, "workspaceId", "beforeHash", "afterHash" from ${changeRelation}`,
      [tenantId, rows, groupId, revision.revision],
    );
    await this.#moveIndex({ manager, tenantId, groupId, rows });
    await this.#markDraft({ manager, tenantId, groupId, rows });
  }

  async #moveIndex({ manager, tenantId, groupId, rows }: IndexMove): Promise<void> {
    await manager.query(
      `insert into published_resources (tenant_id, group_id, kind, id, workspace_id, content_hash)
       select $1, $3, kind, id, "workspaceId", "afterHash" from ${changeRelation} where "afterHash" is not null
       on conflict (tenant_id, group_id, kind, id)
         do update set content_hash = excluded.content_hash, workspace_id = excluded.workspace_id`,
      [tenantId, rows, groupId],
    );
    await manager.query(
      `delete from published_resources p using ${changeRelation}
       where p.tenant_id = $1 and p.group_id = $3 and p.kind = c.kind and p.id = c.id and c."afterHash" is null`,
      [tenantId, rows, groupId],
    );
  }

  /** Draft rows learn their published hash; what is neither drafted nor published any more goes; what came back is marked removed; it has no workspace when that was deleted meanwhile. */
  async #markDraft({ manager, tenantId, groupId, rows }: IndexMove): Promise<void> {
    await manager.query(
      `insert into draft_resources as d (tenant_id, group_id, kind, id, workspace_id, published_hash)
       select $1, $3, c.kind, c.id, w.id, c."afterHash" from ${changeRelation}
       left join workspaces w on w.id = c."workspaceId" where c.kind <> 'plugin_config'
       on conflict (tenant_id, group_id, kind, id) do update set published_hash = excluded.published_hash`,
      [tenantId, rows, groupId],
    );
    await manager.query(
      `delete from draft_resources d using ${changeRelation}
       where d.tenant_id = $1 and d.group_id = $3 and d.kind = c.kind and d.id = c.id
         and d.content_hash is null and d.published_hash is null`,
      [tenantId, rows, groupId],
    );
  }
}

interface IndexMove extends Pick<UnitOfWork, 'manager' | 'tenantId'> {
  groupId: string;
  /** The changes as JSON. */
  rows: string;
}
