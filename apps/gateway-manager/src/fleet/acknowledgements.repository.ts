import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import type { GroupProgress } from './acknowledgements.ts';

const rowsSql = `jsonb_to_recordset($1::jsonb) as x
  ("tenantId" text, "dataPlaneId" text, "groupId" text, revision bigint, access bigint, applied text[], refusal jsonb)`;

/** Groups and data planes that are gone meanwhile are left out. */
const addMissingSql = `
  insert into gateway.data_plane_groups (tenant_id, data_plane_id, group_id)
  select x."tenantId", x."dataPlaneId", x."groupId"
  from ${rowsSql}
  join gateway.gateway_groups g on g.id = x."groupId" and g.tenant_id = x."tenantId"
  join gateway.data_planes d on d.id = x."dataPlaneId"
  order by x."dataPlaneId", x."groupId"
  on conflict do nothing`;

const storeSql = `
  update gateway.data_plane_groups held set
    revision = coalesce(x.revision, held.revision),
    access = coalesce(x.access, held.access),
    acknowledged_at = now(),
    refusal = case
      when x.refusal is not null then x.refusal
      when held.refusal ->> 'sequence' = any (x.applied) then null
      else held.refusal end
  from ${rowsSql}
  where held.tenant_id = x."tenantId" and held.group_id = x."groupId" and held.data_plane_id = x."dataPlaneId"`;

/** What each data plane has in force, across tenants: one shared instance serves many. */
@Injectable()
export class AcknowledgementsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  async store(rows: readonly GroupProgress[]): Promise<void> {
    const json = JSON.stringify(rows);
    await this.database.inSystem('fleet', async ({ manager }) => {
      await manager.query(addMissingSql, [json]);
      await manager.query(storeSql, [json]);
    });
  }
}
