import { Inject, Injectable } from '@nestjs/common';
import { dataPlaneStatusChanged } from '@tollgate/contracts/events';
import type { DataPlaneStatus } from '@tollgate/contracts/rest/gateway';
import { Database, type UnitOfWork } from '@tollgate/persistence';

/** The latest heartbeat of one instance. */
export interface Sighting {
  readonly dataPlaneId: string;
  readonly seenAt: string;
  readonly softwareVersion: string;
  readonly name: string;
  readonly clockOffsetMs: number;
  readonly load: unknown;
  readonly groups: readonly { groupId: string; revision: number; access: number }[];
}

/** An instance as it is judged. */
export interface JudgedInstance {
  readonly id: string;
  readonly tenantId: string | null;
  readonly poolId: string;
  readonly status: DataPlaneStatus;
  readonly lastSeenAt: Date | null;
  readonly behindSince: Date | null;
}

export interface StatusChange {
  readonly instance: JudgedInstance;
  readonly to: DataPlaneStatus;
}

const sightingsSql = `jsonb_to_recordset($1::jsonb) as x ("dataPlaneId" text, "seenAt" timestamptz, "softwareVersion" text,
  name text, "clockOffsetMs" integer, load jsonb, groups jsonb)`;

/**
 * `behind_since` keeps its time as long as any group of the pool is ahead of what the heartbeat shows. Access state can move several times
 * a second, so an instance is not behind either that has acknowledged the newest since the heartbeat.
 */
const recordSql = `
  update gateway.data_planes d set
    last_seen_at = greatest(d.last_seen_at, x."seenAt"),
    software_version = x."softwareVersion",
    name = x.name,
    clock_offset_ms = x."clockOffsetMs",
    load = x.load,
    behind_since = case when exists (
        select from gateway.gateway_groups g
        join gateway.sequence_heads s on s.group_id = g.id
        left join jsonb_to_recordset(x.groups) as h ("groupId" text, revision bigint, access bigint) on h."groupId" = g.id
        left join gateway.data_plane_groups a on s.sequence = 'access' and a.group_id = g.id and a.data_plane_id = d.id
        where g.pool_id = d.pool_id
          and s.position > coalesce(case s.sequence when 'revision' then h.revision else greatest(h.access, a.access) end, 0)
      ) then coalesce(d.behind_since, x."seenAt") end
  from ${sightingsSql}
  where d.id = x."dataPlaneId"`;

const dueSql = `
  select id, tenant_id as "tenantId", pool_id as "poolId", status, last_seen_at as "lastSeenAt", behind_since as "behindSince"
  from gateway.data_planes
  where revoked_at is null and last_seen_at is not null
    and (status <> 'offline' or last_seen_at > now() - make_interval(secs => $1))
    and (status <> 'online' or behind_since is not null or last_seen_at < now() - make_interval(secs => $2))
  order by id`;

/** Rows of data planes, as the fleet consumer writes them: across tenants. */
@Injectable()
export class FleetRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** One write for all. */
  async record(sightings: readonly Sighting[]): Promise<void> {
    await this.database.inSystem('fleet', ({ manager }) => manager.query(recordSql, [JSON.stringify(sightings)]));
  }

  /** Instances whose status may not be what it was; those that have long been offline, or are surely online, are left out. */
  candidates(intervalMs: number): Promise<JudgedInstance[]> {
    const seconds = [(intervalMs * 4) / 1000, intervalMs / 1000];
    return this.database.inSystem('fleet', ({ manager }) => manager.query<JudgedInstance[]>(dueSql, seconds));
  }

  /** Changes each status that still is what it was, and tells so; another instance of this service may have been first. */
  async change(changes: readonly StatusChange[]): Promise<void> {
    await this.database.inSystem('fleet', async (unit) => {
      for (const change of changes) await changeOne(unit, change);
    });
  }
}

async function changeOne(unit: UnitOfWork, { instance, to }: StatusChange): Promise<void> {
  const [, changed] = await unit.manager.query<[unknown, number]>(
    `update gateway.data_planes set status = $3, status_since = now() where id = $1 and status = $2 and revoked_at is null`,
    [instance.id, instance.status, to],
  );
  if (changed === 0) return;
  await unit.emit(
    dataPlaneStatusChanged.create({
      subject: instance.id,
      tenantId: instance.tenantId,
      data: { dataPlaneId: instance.id, poolId: instance.poolId, from: instance.status, to },
    }),
  );
}
