import type { Permission } from '@tollgate/contracts/auth';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page } from '@tollgate/contracts/rest';
import {
  deleteVersioned,
  insertRow,
  type PageRequest,
  readPage,
  type UnitOfWork,
  updateVersioned,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { ServiceAccountEntity } from './service-account.entity.ts';

/** Service accounts, in units of a tenant. */
export const serviceAccountsRepository = {
  list: (unit: UnitOfWork, page: PageRequest): Promise<Page<ServiceAccountEntity>> =>
    readPage(unit.manager.createQueryBuilder(ServiceAccountEntity, 'account'), page),

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, id: string): Promise<ServiceAccountEntity> {
    const row = await unit.manager.findOneBy(ServiceAccountEntity, { id });
    if (!row) throw new ApiError(commonErrors.notFound);
    return row;
  },

  insert: (unit: UnitOfWork, row: ServiceAccountEntity): Promise<void> => insertRow(unit, ServiceAccountEntity, row),

  /** Returns the new version. */
  update: (
    unit: UnitOfWork,
    change: {
      id: string;
      expectedVersion: number;
      set: { name?: string; description?: string; permissions?: Permission[] };
    },
  ): Promise<number> => updateVersioned(unit, ServiceAccountEntity, change),

  delete: (unit: UnitOfWork, row: { id: string; expectedVersion: number }): Promise<void> =>
    deleteVersioned(unit, ServiceAccountEntity, row),
};
