import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';

/** A tenant as iam's events describe it. */
export interface TenantRecord {
  slug: string;
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
    const [tenant] = await manager.query<TenantRecord[]>('select slug from tenants where tenant_id = $1', [tenantId]);
    return tenant ?? null;
  }

  async putTenant({ manager, tenantId }: UnitOfWork, slug: string): Promise<void> {
    await manager.query(
      `insert into tenants (tenant_id, slug) values ($1, $2)
       on conflict (tenant_id) do update set slug = excluded.slug`,
      [tenantId, slug],
    );
  }

  async findEnvironment({ manager }: UnitOfWork, id: string): Promise<EnvironmentRecord | null> {
    const [environment] = await manager.query<EnvironmentRecord[]>(
      `select id, project_id as "projectId", is_deleted as "isDeleted" from environments where id = $1`,
      [id],
    );
    return environment ?? null;
  }

  async putEnvironment({ manager, tenantId }: UnitOfWork, environment: EnvironmentRecord): Promise<void> {
    await manager.query(
      `insert into environments as known (id, tenant_id, project_id, is_deleted) values ($1, $2, $3, $4)
       on conflict (id) do update set is_deleted = known.is_deleted or excluded.is_deleted`,
      [environment.id, tenantId, environment.projectId, environment.isDeleted],
    );
  }
}
