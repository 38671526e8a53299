import { Inject, Injectable } from '@nestjs/common';
import type { Page } from '@tollgate/contracts/rest';
import type { DataPlaneGroup, DataPlaneStatus } from '@tollgate/contracts/rest/gateway';
import { Database, type PageRequest, readPage, type UnitOfWork } from '@tollgate/persistence';
import type { SelectQueryBuilder } from 'typeorm';
import { DataPlaneEntity } from './data-plane.entity.ts';

/** Which data planes a list shows. */
export interface DataPlaneFilter {
  readonly poolId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly status?: DataPlaneStatus | undefined;
}

/** A data plane and the part of its configuration that belongs to whoever asks. */
export interface DataPlaneWithGroups {
  readonly row: DataPlaneEntity;
  readonly groups: DataPlaneGroup[];
}

interface GroupRow {
  dataPlaneId: string;
  groupId: string;
  revision: string;
  access: string;
  acknowledgedAt: Date | null;
  refusal: DataPlaneGroup['refusal'];
}

const groupsSql = `
  select data_plane_id as "dataPlaneId", group_id as "groupId", revision, access, acknowledged_at as "acknowledgedAt", refusal
  from gateway.data_plane_groups
  where data_plane_id = any($1) and ($2::text is null or tenant_id = $2)
  order by data_plane_id, group_id
  limit 10000`;

/** A tenant’s own instances, and the shared ones in whose pool it has a group. */
const visibleTo = `(plane.tenant_id = :tenantId or (plane.tenant_id is null and plane.pool_id in
  (select g.pool_id from gateway.gateway_groups g where g.tenant_id = :tenantId)))`;

/** Rows of data planes as people see them. Reads cross to shared pools, so they are system units with the tenant spelled out. */
@Injectable()
export class DataPlanesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  list(tenantId: string, filter: DataPlaneFilter, page: PageRequest): Promise<Page<DataPlaneWithGroups>> {
    return this.database.inSystem('fleet-view', async (unit) => {
      const query = planes(unit).where(visibleTo, { tenantId });
      return this.#withGroups(unit, await readPage(filtered(query, filter), page), tenantId);
    });
  }

  listShared(poolId: string, page: PageRequest): Promise<Page<DataPlaneWithGroups>> {
    return this.database.inSystem('fleet-view', async (unit) => {
      const query = planes(unit).where('plane.tenant_id is null and plane.pool_id = :poolId', { poolId });
      return this.#withGroups(unit, await readPage(query, page), null);
    });
  }

  find(tenantId: string, id: string): Promise<DataPlaneWithGroups | null> {
    return this.database.inSystem('fleet-view', async (unit) => {
      const row = await planes(unit).where(visibleTo, { tenantId }).andWhere('plane.id = :id', { id }).getOne();
      return row === null ? null : this.#one(unit, row, tenantId);
    });
  }

  /** Locks an instance of the unit's tenant or, in a system unit, of a shared pool. */
  findForChange({ manager, tenantId }: UnitOfWork, id: string): Promise<DataPlaneEntity | null> {
    return manager
      .createQueryBuilder(DataPlaneEntity, 'plane')
      .where('plane.id = :id and plane.tenant_id is not distinct from :tenantId', { id, tenantId })
      .setLock('pessimistic_write')
      .getOne();
  }

  async save(
    { manager }: UnitOfWork,
    row: DataPlaneEntity,
    change: Partial<Pick<DataPlaneEntity, 'isDraining' | 'revokedAt' | 'status' | 'statusSince'>>,
  ): Promise<DataPlaneEntity> {
    const changed = { ...change, version: row.version + 1 };
    await manager.update(DataPlaneEntity, { id: row.id }, changed);
    return Object.assign(row, changed);
  }

  groupsOf(unit: UnitOfWork, row: DataPlaneEntity): Promise<DataPlaneWithGroups> {
    return this.#one(unit, row, unit.tenantId);
  }

  async #one(unit: UnitOfWork, row: DataPlaneEntity, tenantId: string | null): Promise<DataPlaneWithGroups> {
    const { items } = await this.#withGroups(unit, { items: [row], nextCursor: null }, tenantId);
    return items[0] ?? { row, groups: [] };
  }

  async #withGroups(
    { manager }: UnitOfWork,
    page: Page<DataPlaneEntity>,
    tenantId: string | null,
  ): Promise<Page<DataPlaneWithGroups>> {
    const ids = page.items.map(({ id }) => id);
    const rows = ids.length === 0 ? [] : await manager.query<GroupRow[]>(groupsSql, [ids, tenantId]);
    const byPlane = Map.groupBy(rows, ({ dataPlaneId }) => dataPlaneId);
    const items = page.items.map((row) => ({ row, groups: (byPlane.get(row.id) ?? []).map(toGroup) }));
    return { items, nextCursor: page.nextCursor };
  }
}

function planes({ manager }: UnitOfWork): SelectQueryBuilder<DataPlaneEntity> {
  return manager.createQueryBuilder(DataPlaneEntity, 'plane');
}

function filtered(
  query: SelectQueryBuilder<DataPlaneEntity>,
  { poolId, groupId, status }: DataPlaneFilter,
): SelectQueryBuilder<DataPlaneEntity> {
  if (poolId !== undefined) query.andWhere('plane.pool_id = :poolId', { poolId });
  if (status !== undefined) query.andWhere('plane.status = :status', { status });
  if (groupId !== undefined) {
    query.andWhere(
      `plane.pool_id in (select g.pool_id from gateway.gateway_groups g where g.id = :groupId and g.tenant_id = :tenantId)`,
      { groupId },
    );
  }
  return query;
}

function toGroup({ groupId, revision, access, acknowledgedAt, refusal }: GroupRow): DataPlaneGroup {
  return {
    groupId,
    revision: Number(revision),
    access: Number(access),
    acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    refusal:
      refusal === null
        ? null
        : {
            sequence: refusal.sequence,
            position: refusal.position,
            reason: refusal.reason,
            detail: refusal.detail,
          },
  };
}
