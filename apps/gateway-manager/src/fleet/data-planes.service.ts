import { Inject, Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import type { CommandAction } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import { type AuditEntry, dataPlaneStatusChanged } from '@tollgate/contracts/events';
import type { Page } from '@tollgate/contracts/rest';
import type { DataPlane } from '@tollgate/contracts/rest/gateway';
import { Database, mapPage, type PageRequest, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { FleetSignals } from './fleet-signals.ts';
import { Revocations } from './revocations.ts';
import type { DataPlaneEntity } from './data-plane.entity.ts';
import { loadOf } from './data-plane-load.ts';
import { type DataPlaneFilter, DataPlanesRepository, type DataPlaneWithGroups } from './data-planes.repository.ts';

const commandLifetimeMs = 60_000;

/** Whose instance is changed: a tenant's own, or one of a shared pool. */
export type InstanceOwner = { readonly tenantId: string } | { readonly sharedPoolId: string };

/** A change of one instance, and how the audit log is told. */
export interface InstanceChange {
  readonly owner: InstanceOwner;
  readonly id: string;
  readonly audit: AuditEntry;
}

/** Data planes as administrators see and steer them. */
@Injectable()
export class DataPlanesService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DataPlanesRepository) private readonly repository: DataPlanesRepository,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(FleetSignals) private readonly signals: FleetSignals,
  ) {}

  async list(tenantId: string, filter: DataPlaneFilter, page: PageRequest): Promise<Page<DataPlane>> {
    return mapPage(await this.repository.list(tenantId, filter, page), toDataPlane);
  }

  async listShared(poolId: string, page: PageRequest): Promise<Page<DataPlane>> {
    return mapPage(await this.repository.listShared(poolId, page), toDataPlane);
  }

  /** @throws ApiError `resource.not_found` */
  async get(tenantId: string, id: string): Promise<DataPlane> {
    const found = await this.repository.find(tenantId, id);
    if (found === null) throw new ApiError(commonErrors.notFound);
    return toDataPlane(found);
  }

  /** Refuses the instance from now on, on every request, and closes its stream. @throws ApiError `resource.not_found` */
  async revoke(change: InstanceChange): Promise<DataPlane> {
    const revoked = await this.#change(change, (unit, row) => this.#revoke(unit, row));
    await this.announceRevoked(revoked.id);
    return revoked;
  }

  /** Revokes an instance of the unit's tenant together with something else; {@link announceRevoked} follows the commit. */
  async revokeIn(unit: UnitOfWork, id: string): Promise<void> {
    const row = await this.repository.findForChange(unit, id);
    if (row !== null) await this.#revoke(unit, row);
  }

  /** Makes a committed revocation count at once. */
  announceRevoked(id: string): Promise<void> {
    return this.revocations.announce(id);
  }

  /** Takes an instance out of service or back in. @throws ApiError `resource.not_found` */
  async setDraining(change: InstanceChange, isDraining: boolean): Promise<DataPlane> {
    const changed = await this.#change(change, async (unit, row) =>
      row.isDraining === isDraining ? row : this.repository.save(unit, row, { isDraining }),
    );
    await this.#command(changed.id, { name: isDraining ? 'drain' : 'resume' });
    return changed;
  }

  async #revoke(unit: UnitOfWork, row: DataPlaneEntity): Promise<DataPlaneEntity> {
    if (row.revokedAt !== null) return row;
    const now = new Date();
    if (row.status !== 'offline') await unit.emit(wentOffline(row));
    return this.repository.save(unit, row, { revokedAt: now, status: 'offline', statusSince: now });
  }

  #change(
    { owner, id, audit }: InstanceChange,
    work: (unit: UnitOfWork, row: DataPlaneEntity) => Promise<DataPlaneEntity>,
  ): Promise<DataPlane> {
    const change = async (unit: UnitOfWork): Promise<DataPlane> => {
      const row = await this.repository.findForChange(unit, id);
      if (row === null || ('sharedPoolId' in owner && row.poolId !== owner.sharedPoolId)) {
        throw new ApiError(commonErrors.notFound);
      }
      const changed = await work(unit, row);
      await unit.audit(audit);
      return toDataPlane(await this.repository.groupsOf(unit, changed));
    };
    return 'tenantId' in owner
      ? this.database.inTenant(owner.tenantId, change)
      : this.database.inSystem('shared-pools', change);
  }

  async #command(dataPlaneId: string, action: CommandAction): Promise<void> {
    const expiresAt = new Date(Date.now() + commandLifetimeMs).toISOString();
    await this.signals.send({ kind: 'command', dataPlaneId, command: { id: newId('cmd'), expiresAt, action } });
  }
}

function wentOffline({ id, tenantId, poolId, status }: DataPlaneEntity) {
  const data = { dataPlaneId: id, poolId, from: status, to: 'offline' as const };
  return dataPlaneStatusChanged.create({ subject: id, tenantId, data });
}

function toDataPlane({ row, groups }: DataPlaneWithGroups): DataPlane {
  return {
    id: row.id,
    poolId: row.poolId,
    shared: row.tenantId === null,
    name: row.name,
    status: row.status,
    statusSince: row.statusSince.toISOString(),
    softwareVersion: row.softwareVersion,
    draining: row.isDraining,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    certificateExpiresAt: row.certificateExpiresAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    clockOffsetMs: row.clockOffsetMs,
    load: loadOf(row),
    groups,
    version: row.version,
    createdAt: row.createdAt.toISOString(),
  };
}
