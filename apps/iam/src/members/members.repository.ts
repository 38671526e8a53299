import { newId } from '@tollgate/contracts';
import type { Role } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import {
  deleteVersioned,
  insertRow,
  type PageRequest,
  readPage,
  type UnitOfWork,
  updateVersioned,
  whereContains,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { MembershipEntity } from './member.entity.ts';

/** Memberships: in units of a tenant, and where a person joins or leaves all tenants in system units. */
export const membersRepository = {
  list(
    unit: UnitOfWork,
    filter: { role?: Role | undefined; search?: string | undefined },
    page: PageRequest,
  ): Promise<Page<MembershipEntity>> {
    const query = unit.manager
      .createQueryBuilder(MembershipEntity, 'member')
      .innerJoinAndSelect('member.person', 'person');
    if (filter.role !== undefined) query.andWhere('member.role = :role', filter);
    whereContains(query, ['person.name', 'person.email'], filter.search);
    return readPage(query, page);
  },

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<MembershipEntity> {
    const row = await unit.manager.findOne(MembershipEntity, { where: { id }, relations: { person: true } });
    if (!row) throw new ApiError(commonErrors.notFound);
    return row;
  },

  hasEmail: (unit: UnitOfWork, email: string): Promise<boolean> =>
    unit.manager.existsBy(MembershipEntity, { person: { email } }),

  /** Locked, always in the same order: two owners who step down at once wait for each other instead of both leaving. */
  lockOwners: (unit: UnitOfWork, tenantId: string): Promise<MembershipEntity[]> =>
    unit.manager.find(MembershipEntity, {
      where: { tenantId, role: 'owner' },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    }),

  /** Returns the id of the membership. */
  async insert(unit: UnitOfWork, member: { tenantId: string; userId: string; role: Role }): Promise<string> {
    const id = newId('mem');
    const row: Omit<MembershipEntity, 'person'> = { ...member, id, version: 1, createdAt: new Date() };
    await insertRow(unit, MembershipEntity, row);
    return id;
  },

  /** Returns the new version. */
  setRole(unit: UnitOfWork, change: { id: string; expectedVersion: number; role: Role }): Promise<number> {
    const { role, ...row } = change;
    return updateVersioned(unit, MembershipEntity, { ...row, set: { role } });
  },

  delete: (unit: UnitOfWork, row: { id: string; expectedVersion: number }): Promise<void> =>
    deleteVersioned(unit, MembershipEntity, row),

  async deleteAllOf(unit: UnitOfWork, userId: string): Promise<void> {
    await unit.manager.delete(MembershipEntity, { userId });
  },
};
