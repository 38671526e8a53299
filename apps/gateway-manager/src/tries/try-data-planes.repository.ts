import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';

/** A data plane that can be asked to try a request. */
export interface TryingDataPlane {
  readonly id: string;
  readonly name: string;
  /** That it has in force of the group, as far as it has told. */
  readonly revision: number;
}

const chooseSql = `
  select plane.id, plane.name, coalesce(held.revision, 0)::int as revision
  from gateway.gateway_groups g
  join gateway.data_planes plane on plane.pool_id = g.pool_id
  left join gateway.data_plane_groups held on held.data_plane_id = plane.id and held.group_id = g.id
  where g.id = $1 and g.tenant_id = $2 and ($3::text is null or plane.id = $3)
    and plane.revoked_at is null and plane.status in ('online', 'out-of-date')
  order by plane.is_draining, held.revision desc nulls last, held.access desc nulls last, plane.last_seen_at desc, plane.id
  limit 1`;

/** Chooses data planes for tries. Shared ones have no tenant, so it is a system unit with the tenant spelled out. */
@Injectable()
export class TryDataPlanesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The one named, or the one that has the newest of a tenant's group in force; null when it is not online, or none is. */
  choose(tenantId: string, groupId: string, dataPlaneId: string | undefined): Promise<TryingDataPlane | null> {
    return this.database.inSystem('fleet-view', async ({ manager }) => {
      const [row] = await manager.query<TryingDataPlane[]>(chooseSql, [groupId, tenantId, dataPlaneId ?? null]);
      return row ?? null;
    });
  }
}
