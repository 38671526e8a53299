import { Injectable } from '@nestjs/common';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import type { PolicyTemplateReference } from '@tollgate/contracts/rest/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { IsNull, Not } from 'typeorm';
import { DraftResourceEntity, latestVersion } from './draft-resource.entity.ts';
import type { Reference } from './references.ts';

/** Names one draft resource. */
export interface DraftKey {
  groupId: string;
  kind: ResourceKind;
  id: string;
}

/** A draft resource as it shall be. */
export interface DraftInput extends DraftKey {
  workspaceId: string | null;
  value: Record<string, unknown>;
  policyTemplate: PolicyTemplateReference | null;
  importedBy: string | null;
  /** Of the compiled value. */
  contentHash: string;
  references: readonly Reference[];
}

/** Rows of the draft. A row without a value is what the next publish removes; lists and look-ups leave it out. */
@Injectable()
export class DraftResourcesRepository {
  find({ manager }: UnitOfWork, key: DraftKey): Promise<DraftResourceEntity | null> {
    return manager.findOneBy(DraftResourceEntity, { ...pick(key), contentHash: Not(IsNull()) });
  }

  /** The row, removed or not, locked until the unit ends. */
  lock({ manager }: UnitOfWork, key: DraftKey): Promise<DraftResourceEntity | null> {
    return manager.findOne(DraftResourceEntity, { where: pick(key), lock: { mode: 'pessimistic_write' } });
  }

  /** Creates or replaces one resource. */
  put(unit: UnitOfWork, input: DraftInput): Promise<void> {
    return this.putAll(unit, input.groupId, [input]);
  }

  /** Creates or replaces resources of one group, in three statements however many they are. */
  async putAll({ manager, tenantId }: UnitOfWork, groupId: string, inputs: readonly DraftInput[]): Promise<void> {
    const rows = JSON.stringify(inputs.map(toRow));
    await manager.query(
      `insert into draft_resources as d
         (tenant_id, group_id, kind, id, workspace_id, value, template_id, template_version, imported_by, content_hash)
       select $1, $2, r.kind, r.id, r.workspace_id, r.value, r.template_id, r.template_version, r.imported_by, r.content_hash
       from jsonb_to_recordset($3::jsonb) as r(kind text, id text, workspace_id text, value jsonb, template_id text,
         template_version integer, imported_by text, content_hash text)
       on conflict (tenant_id, group_id, kind, id) do update set
         workspace_id = excluded.workspace_id, value = excluded.value, template_id = excluded.template_id,
         template_version = excluded.template_version, imported_by = excluded.imported_by,
         content_hash = excluded.content_hash, version = d.version + 1, updated_at = now()`,
      [tenantId, groupId, rows],
    );
    const targets = JSON.stringify(
      inputs.flatMap(({ kind, id, references }) => references.map(({ toKind, toId }) => ({ kind, id, toKind, toId }))),
    );
    await manager.query(
      `delete from draft_references d using jsonb_to_recordset($2::jsonb) as r(kind text, id text)
       where d.group_id = $1 and d.kind = r.kind and d.id = r.id`,
      [groupId, rows],
    );
    await manager.query(
      `insert into draft_references (tenant_id, group_id, kind, id, to_kind, to_id)
       select distinct $1, $2, kind, id, "toKind", "toId"
       from jsonb_to_recordset($3::jsonb) as r(kind text, id text, "toKind" text, "toId" text)`,
      [tenantId, groupId, targets],
    );
  }

  /** Removes resources of one kind: rows that were never published at once, the others at the next publish. */
  async removeAll({ manager }: UnitOfWork, groupId: string, kind: ResourceKind, ids: readonly string[]): Promise<void> {
    const parameters = [groupId, kind, ids];
    const these = 'group_id = $1 and kind = $2 and id = any($3)';
    await manager.query(`delete from draft_references where ${these}`, parameters);
    await manager.query(`delete from draft_resources where ${these} and published_hash is null`, parameters);
    await manager.query(
      `update draft_resources set value = null, content_hash = null, template_id = null, template_version = null,
         imported_by = null, version = version + 1, updated_at = now() where ${these}`,
      parameters,
    );
  }

  /** Resources of the draft that refer to this one, at most 50. */
  findReferrers({ manager }: UnitOfWork, key: DraftKey): Promise<{ kind: ResourceKind; id: string }[]> {
    return manager.query(
      'select kind, id from draft_references where group_id = $1 and to_kind = $2 and to_id = $3 order by kind, id limit 50',
      [key.groupId, key.kind, key.id],
    );
  }

  /** All resources of the draft that refer to any of these, locked until the unit ends. */
  lockReferrers(
    { manager }: UnitOfWork,
    groupId: string,
    toKind: ResourceKind,
    toIds: readonly string[],
  ): Promise<DraftResourceEntity[]> {
    const names = `exists (select from draft_references r where r.group_id = draft.group_id and r.kind = draft.kind
      and r.id = draft.id and r.to_kind = :toKind and r.to_id = any(:toIds))`;
    return manager
      .createQueryBuilder(DraftResourceEntity, 'draft')
      .where(`draft.groupId = :groupId and ${names}`, { groupId, toKind, toIds })
      .orderBy('draft.key')
      .setLock('pessimistic_write')
      .getMany();
  }

  /** Those of the references that the workspace cannot fulfil. What is found is kept from removal until the unit ends. */
  async findDangling(
    { manager }: UnitOfWork,
    groupId: string,
    workspaceId: string | null,
    references: readonly Reference[],
  ): Promise<Reference[]> {
    if (references.length === 0) return [];
    const found = await manager.query<{ kind: string; id: string }[]>(
      `select d.kind, d.id from draft_resources d
       where d.group_id = $1 and d.workspace_id is not distinct from $2 and d.content_hash is not null
         and (d.kind, d.id) in (select r."toKind", r."toId" from jsonb_to_recordset($3::jsonb) as r("toKind" text, "toId" text))
       for share`,
      [groupId, workspaceId, JSON.stringify(references)],
    );
    const known = new Set(found.map(({ kind, id }) => `${kind}/${id}`));
    return references.filter(({ toKind, toId }) => !known.has(`${toKind}/${toId}`));
  }

  /** Everything that an import made under a service's name, locked until the unit ends. */
  findImported({ manager }: UnitOfWork, groupId: string, importedBy: string): Promise<DraftResourceEntity[]> {
    return manager.find(DraftResourceEntity, {
      where: { groupId, importedBy, contentHash: Not(IsNull()) },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** Those of the ids that resources of the kind have, removed ones included. */
  findByIds(
    { manager }: UnitOfWork,
    groupId: string,
    kind: ResourceKind,
    ids: readonly string[],
  ): Promise<DraftResourceEntity[]> {
    return manager
      .createQueryBuilder(DraftResourceEntity, 'draft')
      .where('draft.groupId = :groupId and draft.kind = :kind and draft.id = any(:ids)', { groupId, kind, ids })
      .getMany();
  }
}

/** The reference that a row holds. */
export function templateOf({ templateId, templateVersion }: DraftResourceEntity): PolicyTemplateReference | null {
  if (templateId === null || templateVersion === null) return null;
  return { id: templateId, version: templateVersion === latestVersion ? 'latest' : templateVersion };
}

function pick({ groupId, kind, id }: DraftKey): DraftKey {
  return { groupId, kind, id };
}

function toRow({ kind, id, workspaceId, value, policyTemplate, importedBy, contentHash }: DraftInput) {
  const version = policyTemplate?.version;
  return {
    kind,
    id,
    workspace_id: workspaceId,
    value,
    template_id: policyTemplate?.id ?? null,
    template_version: version === 'latest' ? latestVersion : (version ?? null),
    imported_by: importedBy,
    content_hash: contentHash,
  };
}
