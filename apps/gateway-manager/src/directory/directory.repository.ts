import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';

/** A tenant as iam's events describe it. */
export interface TenantRecord {
  slug: string;
  /** Version of the tenant that its suspension is known from; 0 while none is. */
  version: number;
}

/** An environment as iam's events describe it. */
export interface EnvironmentRecord {
  id: string;
  projectId: string;
  isDeleted: boolean;
}

/** Local projection of iam's tenants and environments. Writes are idempotent and never undo a deletion. */
@Injectable()
export class DirectoryRepository {
  async findTenant({ manager, tenantId }: UnitOfWork): Promise<TenantRecord | null> {
    const [tenant] = await manager.query<TenantRecord[]>('select slug, version from tenants where tenant_id = $1', [
      tenantId,
    ]);
    return tenant ?? null;
  }

  async putTenant({ manager, tenantId }: UnitOfWork, slug: string): Promise<void> {
    await manager.query(
      `insert into tenants (tenant_id, slug) values ($1, $2)
       on conflict (tenant_id) do update set slug = excluded.slug`,
      [tenantId, slug],
    );
  }

  /**
   * Notes from which version a suspension is known.
   * @returns whether it is news: no later version is known.
   */
  async moveTenant({ manager, tenantId }: UnitOfWork, version: number): Promise<boolean> {
    const sql = 'update tenants set version = greatest(version, $2) where tenant_id = $1 and version <= $2 returning 1';
    const [moved] = await manager.query<[unknown[], number]>(sql, [tenantId, version]);
    return moved.length > 0;
  }

  async findEnvironment({ manager }: UnitOfWork, id: string): Promise<EnvironmentRecord | null> {
    const [environment] = await manager.query<EnvironmentRecord[]>(
      `select id, project_id as "projectId", is_deleted as "isDeleted" from environments where id = $1`,
      [id],
    );
    return environment ?? null;
  }

  /** All of the tenant, those that are gone too. */
  listEnvironments({ manager, tenantId }: UnitOfWork): Promise<EnvironmentRecord[]> {
    return manager.query(
      `select id, project_id as "projectId", is_deleted as "isDeleted" from environments where tenant_id = $1`,
      [tenantId],
    );
  }

  /** Puts right the project of an environment, and with `undelete` that it was taken for gone. */
  async mendEnvironment(
    { manager }: UnitOfWork,
    { id, projectId, undelete }: { id: string; projectId: string; undelete: boolean },
  ): Promise<void> {
    await manager.query(
      'update environments set project_id = $2, is_deleted = is_deleted and not $3::boolean where id = $1',
      [id, projectId, undelete],
    );
  }

  async putEnvironment({ manager, tenantId }: UnitOfWork, environment: EnvironmentRecord): Promise<void> {
    await manager.query(
      `insert into environments as known (id, tenant_id, project_id, is_deleted) values ($1, $2, $3, $4)
       on conflict (id) do update set is_deleted = known.is_deleted or excluded.is_deleted`,
      [environment.id, tenantId, environment.projectId, environment.isDeleted],
    );
  }
}
