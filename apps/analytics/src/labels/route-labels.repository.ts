import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';

/** A gateway group whose copy of route names is older than its revision in force. */
export interface OutdatedCopy {
  readonly tenantId: string;
  readonly groupId: string;
  readonly revision: number;
}

/** A route and what people call it. */
export interface RouteLabel {
  readonly routeId: string;
  readonly name: string;
}

/** Names of routes by group, as the revision in force has them. Names of routes that are gone are kept: old calls are still reported. */
@Injectable()
export class RouteLabelsRepository {
  async announceRevision({ manager }: UnitOfWork, { tenantId, groupId, revision }: OutdatedCopy): Promise<void> {
    await manager.query(
      `insert into route_copies as held (tenant_id, group_id, revision) values ($1, $2, $3)
       on conflict (tenant_id, group_id) do update set revision = greatest(held.revision, excluded.revision)`,
      [tenantId, groupId, revision],
    );
  }

  async listOutdated({ manager }: UnitOfWork, limit: number): Promise<OutdatedCopy[]> {
    return manager.query<OutdatedCopy[]>(
      `select tenant_id as "tenantId", group_id as "groupId", revision from route_copies
       where copied_revision < revision order by tenant_id, group_id limit $1`,
      [limit],
    );
  }

  /** Whether the group waits for its names to be copied. */
  async isOutdated({ manager }: UnitOfWork, groupId: string): Promise<boolean> {
    const sql = 'select 1 from route_copies where group_id = $1 and copied_revision < revision';
    return (await manager.query<unknown[]>(sql, [groupId])).length > 0;
  }

  /** Names of a group's routes, also of those that are gone. */
  async listNames(
    { manager }: UnitOfWork,
    { tenantId, groupId }: { tenantId: string; groupId: string },
  ): Promise<Map<string, string>> {
    const rows = await manager.query<RouteLabel[]>(
      `select route_id as "routeId", name from route_labels where tenant_id = $1 and group_id = $2`,
      [tenantId, groupId],
    );
    return new Map(rows.map(({ routeId, name }) => [routeId, name]));
  }

  async save({ manager }: UnitOfWork, copy: OutdatedCopy, labels: readonly RouteLabel[]): Promise<void> {
    await manager.query(
      `insert into route_labels (tenant_id, group_id, route_id, name)
       select $1, $2, route_id, name from unnest($3::text[], $4::text[]) as copied (route_id, name)
       on conflict (tenant_id, group_id, route_id) do update set name = excluded.name`,
      [copy.tenantId, copy.groupId, labels.map(({ routeId }) => routeId), labels.map(({ name }) => name)],
    );
  }

  async markCopied({ manager }: UnitOfWork, { tenantId, groupId, revision }: OutdatedCopy): Promise<void> {
    await manager.query(
      `update route_copies set copied_revision = greatest(copied_revision, $3) where tenant_id = $1 and group_id = $2`,
      [tenantId, groupId, revision],
    );
  }

  /** Names by route id; those that are not known are missing. Without a group, of routes of several groups with one id any name. */
  async findNames(
    { manager }: UnitOfWork,
    routes: { tenantId: string; groupId?: string | undefined; routeIds: readonly string[] },
  ): Promise<Map<string, string>> {
    const rows = await manager.query<RouteLabel[]>(
      `select route_id as "routeId", name from route_labels
       where tenant_id = $1 and ($2::text is null or group_id = $2) and route_id = any ($3::text[])`,
      [routes.tenantId, routes.groupId ?? null, routes.routeIds],
    );
    return new Map(rows.map(({ routeId, name }) => [routeId, name]));
  }
}
