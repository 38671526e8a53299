import type { Role } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import { getForChange, type PageRequest, readPage, type UnitOfWork, updateVersioned } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { TenantEntity } from './tenant.entity.ts';

/** A tenant that a person belongs to. */
export interface OwnTenant {
  tenantId: string;
  name: string;
  slug: string;
  status: TenantEntity['status'];
  role: Role;
}

/** What can change of a tenant. */
export type TenantChange = Partial<Pick<TenantEntity, 'name' | 'billingTimeZone' | 'status' | 'suspensionReason'>>;

/** Tenants: the own one in units of a tenant, all in system units. */
export const tenantsRepository = {
  list(
    unit: UnitOfWork,
    filter: { status?: TenantEntity['status'] | undefined; slug?: string | undefined },
    page: PageRequest,
  ): Promise<Page<TenantEntity>> {
    const query = unit.manager.createQueryBuilder(TenantEntity, 'tenant');
    if (filter.status !== undefined) query.andWhere('tenant.status = :status', { status: filter.status });
    if (filter.slug !== undefined) query.andWhere('tenant.slug = :slug', { slug: filter.slug });
    return readPage(query, page);
  },

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<TenantEntity> {
    const row = await unit.manager.findOneBy(TenantEntity, { id });
    if (!row) throw new ApiError(commonErrors.notFound);
    return row;
  },

  /** Locked until the unit ends. @throws ApiError `resource.not_found` */
  getForChange: (unit: UnitOfWork, id: string): Promise<TenantEntity> => getForChange(unit, TenantEntity, id),

  findBySlug: (unit: UnitOfWork, slug: string): Promise<TenantEntity | null> =>
    unit.manager.findOneBy(TenantEntity, { slug }),

  async insert(
    unit: UnitOfWork,
    tenant: Pick<TenantEntity, 'id' | 'name' | 'slug' | 'billingTimeZone'>,
  ): Promise<void> {
    await unit.manager.insert(TenantEntity, { ...tenant, status: 'active', version: 1 });
  },

  /** Returns the new version. */
  update(unit: UnitOfWork, change: { id: string; expectedVersion: number; set: TenantChange }): Promise<number> {
    return updateVersioned(unit, TenantEntity, { ...change, set: { ...change.set, updatedAt: new Date() } });
  },

  /** The tenants of a person, the one joined first first. */
  listOf: (unit: UnitOfWork, userId: string): Promise<OwnTenant[]> =>
    unit.manager.query<OwnTenant[]>(
      `select t.id as "tenantId", t.name, t.slug, t.status, m.role
       from memberships m join tenants t on t.id = m.tenant_id where m.user_id = $1 order by m.id`,
      [userId],
    ),
};
