import { Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import type { Application, NewApplication } from '@tollgate/contracts/rest/portal';
import {
  deleteVersioned,
  getForChange,
  insertRow,
  mapPage,
  readPage,
  type UnitOfWork,
  whereContains,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { FindOptionsWhere } from 'typeorm';
import { nameTaken, refuseTaken } from '../shared/conflicts.ts';
import { changeRow, newRow, rowTimes } from '../shared/rows.ts';
import { ApplicationEntity } from './application.entity.ts';

const uniqueName = 'applications_name_key';

@Injectable()
export class ApplicationsRepository {
  async list(
    { manager }: UnitOfWork,
    { search, ...page }: PageQuery & { search?: string | undefined },
    developerId?: string,
  ): Promise<Page<Application>> {
    const query = manager.createQueryBuilder(ApplicationEntity, 'application');
    if (developerId !== undefined) query.andWhere('application.developerId = :developerId', { developerId });
    whereContains(query, ['application.id', 'application.name', 'application.description'], search);
    return mapPage(await readPage(query, page), toApplication);
  }

  async count({ manager }: UnitOfWork, developerId: string): Promise<number> {
    return manager.countBy(ApplicationEntity, { developerId });
  }

  /** @throws ApiError `resource.not_found`, also when it is another developer's. */
  async get({ manager }: UnitOfWork, id: string, developerId?: string): Promise<Application> {
    const where: FindOptionsWhere<ApplicationEntity> = developerId === undefined ? { id } : { id, developerId };
    const row = await manager.findOneBy(ApplicationEntity, where);
    if (row === null) throw new ApiError(commonErrors.notFound);
    return toApplication(row);
  }

  /**
   * The developer's application, locked until the unit ends.
   * @throws ApiError `resource.not_found`, also when it is another developer's, or `resource.changed`.
   */
  async lock(unit: UnitOfWork, id: string, developerId: string, expectedVersion?: number): Promise<Application> {
    const row = await getForChange(unit, ApplicationEntity, id);
    if (row.developerId !== developerId) throw new ApiError(commonErrors.notFound);
    if (expectedVersion !== undefined && row.version !== expectedVersion) {
      throw new ApiError(commonErrors.preconditionFailed);
    }
    return toApplication(row);
  }

  /** @throws ApiError `resource.conflict` when the developer has an application of this name. */
  async insert(unit: UnitOfWork, developerId: string, fields: NewApplication): Promise<Application> {
    const row = newRow<ApplicationEntity>(unit, 'app', { ...fields, developerId });
    await refuseTaken(insertRow(unit, ApplicationEntity, row), uniqueName, nameTaken('/name'));
    return toApplication(row);
  }

  /** @throws ApiError `resource.conflict` when the developer has another application of the new name. */
  async change(unit: UnitOfWork, id: string, set: Partial<NewApplication>): Promise<Application> {
    const row = await getForChange(unit, ApplicationEntity, id);
    const write = changeRow(unit, ApplicationEntity, row, set);
    return toApplication(await refuseTaken(write, uniqueName, nameTaken('/name')));
  }

  async delete(unit: UnitOfWork, application: Application): Promise<void> {
    await deleteVersioned(unit, ApplicationEntity, { id: application.id, expectedVersion: application.version });
  }
}

function toApplication(row: ApplicationEntity): Application {
  const { id, developerId, name, description, version } = row;
  return { id, developerId, name, description, version, ...rowTimes(row) };
}
