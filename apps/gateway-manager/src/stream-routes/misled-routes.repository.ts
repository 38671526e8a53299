import { Injectable } from '@nestjs/common';
import { streamSchemes } from '@tollgate/contracts/rest/gateway';
import type { UnitOfWork } from '@tollgate/persistence';

/** A route whose calls would go to an upstream that only streams can use. */
export interface MisledRoute {
  id: string;
  /** What leads there; null when the route names the upstream itself. */
  serviceId: string | null;
  upstreamId: string;
}

/** Where routes may be led: upstreams, and services by the upstreams that they name. */
export interface Targets {
  upstreamIds: readonly string[];
  serviceIds: readonly string[];
}

/** Routes told at most. */
const maxRoutes = 50;

/** Finds routes of the draft that lead to upstreams for streams. */
@Injectable()
export class MisledRoutesRepository {
  /**
   * Looks at upstreams that are for streams first, of which there are mostly none, and at nothing else of the draft then.
   * @param routeId only this route.
   */
  find(
    { manager }: UnitOfWork,
    groupId: string,
    { upstreamIds, serviceIds }: Targets,
    routeId?: string,
  ): Promise<MisledRoute[]> {
    if (upstreamIds.length === 0 && serviceIds.length === 0) return Promise.resolve([]);
    return manager.query<MisledRoute[]>(
      `with named as materialized (
         select unnest($2::text[]) as id
         union select s.value ->> 'upstream_id' from draft_resources s
           where s.group_id = $1 and s.kind = 'service' and s.id = any($3)
       ), streams as materialized (
         select u.id from draft_resources u
         where u.group_id = $1 and u.kind = 'upstream' and u.id in (select id from named) and u.value ->> 'scheme' = any($4)
       ), services as materialized (
         select s.id, x.to_id as upstream_id from draft_references x
         join draft_resources s on s.tenant_id = x.tenant_id and s.group_id = x.group_id and s.kind = x.kind and s.id = x.id
         where x.group_id = $1 and x.kind = 'service' and x.to_kind = 'upstream' and x.to_id in (select id from streams)
           and s.value -> 'upstream' is null
       )
       select x.id, null as "serviceId", x.to_id as "upstreamId" from draft_references x
       where x.group_id = $1 and x.kind = 'route' and x.to_kind = 'upstream' and x.to_id in (select id from streams)
         and ($5::text is null or x.id = $5)
       union all
       select r.id, v.id, v.upstream_id from services v
       join draft_references x on x.group_id = $1 and x.kind = 'route' and x.to_kind = 'service' and x.to_id = v.id
       join draft_resources r on r.tenant_id = x.tenant_id and r.group_id = x.group_id and r.kind = x.kind and r.id = x.id
       where r.value -> 'upstream' is null and r.value -> 'upstream_id' is null and ($5::text is null or r.id = $5)
       order by id limit ${maxRoutes}`,
      [groupId, upstreamIds, serviceIds, streamSchemes, routeId ?? null],
    );
  }
}
