import { newId } from '@tollgate/contracts';
import type { Role } from '@tollgate/contracts/auth';
import { tenantCreated } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import { MembershipEntity } from '../members/member.entity.ts';
import { TenantEntity } from './tenant.entity.ts';

/** A tenant that a person belongs to. */
export interface OwnTenant {
  tenantId: string;
  name: string;
  slug: string;
  status: TenantEntity['status'];
  role: Role;
}

/** Tenants as sign-up and log-in see them, in system units. */
export const tenantsRepository = {
  async insert(unit: UnitOfWork, tenant: { id: string; name: string; slug: string }): Promise<void> {
    const billingTimeZone = 'UTC';
    await unit.manager.insert(TenantEntity, { ...tenant, billingTimeZone, status: 'active', version: 1 });
    await unit.emit(
      tenantCreated.create({
        subject: tenant.id,
        tenantId: tenant.id,
        aggregateVersion: 1,
        data: { tenantId: tenant.id, slug: tenant.slug, name: tenant.name, billingTimeZone },
      }),
    );
  },

  async addMember(unit: UnitOfWork, member: { tenantId: string; userId: string; role: Role }): Promise<string> {
    const id = newId('mem');
    await unit.manager.insert(MembershipEntity, { ...member, id, version: 1, createdAt: new Date() });
    return id;
  },

  /** The tenants of a person, the one joined first first. */
  listOf: (unit: UnitOfWork, userId: string): Promise<OwnTenant[]> =>
    unit.manager.query<OwnTenant[]>(
      `select t.id as "tenantId", t.name, t.slug, t.status, m.role
       from memberships m join tenants t on t.id = m.tenant_id where m.user_id = $1 order by m.id`,
      [userId],
    ),
};
