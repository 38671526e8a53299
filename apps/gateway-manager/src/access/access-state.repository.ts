import { Injectable } from '@nestjs/common';
import { contentHash, type ResourceKind } from '@tollgate/contracts/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import type { AccessTarget } from './compile-access.ts';

/** A target that differs from what is stored. */
export interface AccessChange extends AccessTarget {
  beforeHash: string | null;
  afterHash: string | null;
}

/** Rows of the access state. What was removed keeps a row without a value, so that every delta can be told. */
@Injectable()
export class AccessStateRepository {
  async lockTenant({ manager, tenantId }: UnitOfWork): Promise<void> {
    await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`access-state:${tenantId ?? ''}`]);
  }

  /** The groups of the tenant: all, or those of the list that exist. In a fixed order, so that writers never wait for each other in a circle. */
  async findGroups({ manager }: UnitOfWork, groupIds?: readonly string[]): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      'select id from gateway_groups where $1::text[] is null or id = any($1) order by id',
      [groupIds ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** Kind, id and hash of everything that is in a group's access state. */
  listHashes(
    { manager }: UnitOfWork,
    groupId: string,
  ): Promise<{ kind: ResourceKind; id: string; contentHash: string }[]> {
    return manager.query(
      `select kind, id, content_hash as "contentHash" from access_resources
       where group_id = $1 and content_hash is not null`,
      [groupId],
    );
  }

  /** Those of the targets that are not as they shall be. */
  async findChanges(
    { manager }: UnitOfWork,
    groupId: string,
    targets: readonly AccessTarget[],
  ): Promise<AccessChange[]> {
    const rows = await manager.query<{ kind: ResourceKind; id: string; hash: string | null }[]>(
      `select a.kind, a.id, a.content_hash as hash from access_resources a
       join jsonb_to_recordset($2::jsonb) as t(kind text, id text) on t.kind = a.kind and t.id = a.id
       where a.group_id = $1`,
      [groupId, JSON.stringify(targets.map(({ kind, id }) => ({ kind, id })))],
    );
    const present = new Map(rows.map(({ kind, id, hash }) => [`${kind}/${id}`, hash]));
    return targets.flatMap((target) => {
      const beforeHash = present.get(`${target.kind}/${target.id}`) ?? null;
      const afterHash = target.value === null ? null : contentHash(target.value);
      return beforeHash === afterHash ? [] : [{ ...target, beforeHash, afterHash }];
    });
  }

  async write(
    { manager, tenantId }: UnitOfWork,
    groupId: string,
    position: number,
    changes: readonly AccessChange[],
  ): Promise<void> {
    await manager.query(
      `insert into access_resources (tenant_id, group_id, kind, id, value, content_hash, position)
       select $1, $2, kind, id, nullif(value, 'null'::jsonb), "afterHash", $3
       from jsonb_to_recordset($4::jsonb) as c(kind text, id text, value jsonb, "afterHash" text)
       on conflict (tenant_id, group_id, kind, id) do update set
         value = excluded.value, content_hash = excluded.content_hash, position = excluded.position`,
      [tenantId, groupId, position, JSON.stringify(changes)],
    );
  }
}
