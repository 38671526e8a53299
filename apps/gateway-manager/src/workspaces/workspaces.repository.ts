import { Injectable } from '@nestjs/common';
import { newId } from '@tollgate/contracts';
import { commonErrors } from '@tollgate/contracts/errors';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import { defaultWorkspaceName } from '@tollgate/contracts/rest/gateway';
import {
  deleteVersioned,
  insertRow,
  isForeignKeyViolation,
  isUniqueViolation,
  readPage,
  updateVersioned,
  type UnitOfWork,
} from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { WorkspaceEntity } from './workspace.entity.ts';

@Injectable()
export class WorkspacesRepository {
  list({ manager }: UnitOfWork, groupId: string, page: PageQuery): Promise<Page<WorkspaceEntity>> {
    return readPage(
      manager.createQueryBuilder(WorkspaceEntity, 'wsp').where('wsp.groupId = :groupId', { groupId }),
      page,
    );
  }

  find({ manager }: UnitOfWork, groupId: string, id: string): Promise<WorkspaceEntity | null> {
    return manager.findOneBy(WorkspaceEntity, { groupId, id });
  }

  /** @throws ApiError `resource.not_found` */
  async get(unit: UnitOfWork, groupId: string, id: string): Promise<WorkspaceEntity> {
    const workspace = await this.find(unit, groupId, id);
    if (workspace === null) throw new ApiError(commonErrors.notFound);
    return workspace;
  }

  /** The workspace that resources go to unless told otherwise; null when the group has none of that name any more. */
  findDefault({ manager }: UnitOfWork, groupId: string): Promise<WorkspaceEntity | null> {
    return manager.findOneBy(WorkspaceEntity, { groupId, name: defaultWorkspaceName });
  }

  insertDefault(unit: UnitOfWork, groupId: string): Promise<WorkspaceEntity> {
    return this.insert(unit, groupId, defaultWorkspaceName);
  }

  /** @throws ApiError `resource.conflict` when the group has a workspace of this name. */
  async insert(unit: UnitOfWork, groupId: string, name: string): Promise<WorkspaceEntity> {
    const now = new Date();
    const row = {
      id: newId('wsp'),
      tenantId: unit.tenantId ?? '',
      groupId,
      name,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    await refuseTakenName(insertRow(unit, WorkspaceEntity, row));
    return row;
  }

  /** @throws ApiError `resource.conflict` when the group has a workspace of this name, `resource.changed`. */
  async rename(
    unit: UnitOfWork,
    workspace: WorkspaceEntity,
    change: { name: string; expectedVersion: number },
  ): Promise<WorkspaceEntity> {
    const { name, expectedVersion } = change;
    const updatedAt = new Date();
    const set = { name, updatedAt };
    const version = await refuseTakenName(
      updateVersioned(unit, WorkspaceEntity, { id: workspace.id, expectedVersion, set }),
    );
    return { ...workspace, ...set, version };
  }

  /** @throws ApiError `resource.in_use` while it holds resources, `resource.changed`. */
  async delete(unit: UnitOfWork, id: string, expectedVersion: number): Promise<void> {
    try {
      await deleteVersioned(unit, WorkspaceEntity, { id, expectedVersion });
    } catch (cause) {
      if (!isForeignKeyViolation(cause)) throw cause;
      throw new ApiError(commonErrors.inUse, { detail: 'Remove its resources and publish the removal first.', cause });
    }
  }
}

async function refuseTakenName<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (cause) {
    if (!isUniqueViolation(cause, 'workspaces_name_key')) throw cause;
    throw new ApiError(commonErrors.conflict, { detail: 'There is a workspace of this name.', cause });
  }
}
