import { commonErrors } from '@tollgate/contracts/errors';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { ServiceAccountEntity } from './service-account.entity.ts';

/** @throws ApiError `resource.not_found` */
export async function getServiceAccountRow(unit: UnitOfWork, id: string): Promise<ServiceAccountEntity> {
  const row = await unit.manager.findOneBy(ServiceAccountEntity, { id });
  if (!row) throw new ApiError(commonErrors.notFound);
  return row;
}
