import { commonErrors } from '@tollgate/contracts/errors';
import { ApiError } from '@tollgate/platform';
import type { EntityTarget, FindOptionsWhere, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { rowView } from './row-view.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A row whose `version` grows by one with each change; the number is the ETag of its resource. */
export interface VersionedRow extends ObjectLiteral {
  id: string;
  version: number;
}

/** A row cannot get beyond PostgreSQL's largest `integer`; callers can name any number. */
const highestVersion = 2 ** 31 - 2;

/** The row as it is read before a change; locked, so that the version cannot move until the unit ends. */
export async function getForChange<Row extends VersionedRow>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  id: string,
  expectedVersion?: number,
): Promise<Row> {
  const row = await unit.manager.findOne(entity, {
    where: { id } as FindOptionsWhere<Row>,
    lock: { mode: 'pessimistic_write' },
  });
  if (!row) throw new ApiError(commonErrors.notFound);
  if (expectedVersion !== undefined && row.version !== expectedVersion)
    throw new ApiError(commonErrors.preconditionFailed);
  if (unit.needsBefore(entity, id)) unit.noteChange(id, { before: rowView(unit.manager, entity, row) });
  return row;
}

/** Adds a row. */
export async function insertRow<Row extends { readonly id: string }>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  row: Row,
): Promise<void> {
  await unit.manager.insert(entity, row as QueryDeepPartialEntity<Row>);
  if (unit.isAudited(entity)) unit.noteChange(row.id, { before: null, after: rowView(unit.manager, entity, row) });
}

/**
 * Changes a row if it still has the version that the caller read.
 * @returns the version after the change.
 * @throws ApiError `resource.not_found`, or `resource.changed` when the version is another.
 */
export async function updateVersioned<Row extends VersionedRow>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  change: { id: string; expectedVersion: number; set: QueryDeepPartialEntity<Row> },
): Promise<number> {
  const { id, expectedVersion: version, set } = change;
  if (version > highestVersion) await refuse(unit, entity, id);
  await noteBefore(unit, entity, id);
  const updated = await unit.manager.update(
    entity,
    { id, version },
    {
      ...set,
      version: version + 1,
    },
  );
  if (updated.affected === 0) await refuse(unit, entity, id);
  if (unit.isAudited(entity)) unit.noteChange(id, { after: rowView(unit.manager, entity, set) });
  return version + 1;
}

/**
 * Deletes a row if it still has the version that the caller read.
 * @throws ApiError `resource.not_found`, or `resource.changed` when the version is another.
 */
export async function deleteVersioned<Row extends VersionedRow>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  row: { id: string; expectedVersion: number },
): Promise<void> {
  if (row.expectedVersion > highestVersion) await refuse(unit, entity, row.id);
  await noteBefore(unit, entity, row.id);
  const where = { id: row.id, version: row.expectedVersion } as FindOptionsWhere<Row>;
  const deleted = await unit.manager.delete(entity, where);
  if (deleted.affected === 0) await refuse(unit, entity, row.id);
  if (unit.isAudited(entity)) unit.noteChange(row.id, { after: null });
}

/** A row that has the expected version when it is changed had it when it was read: what is read here is what it was. */
async function noteBefore<Row extends VersionedRow>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  id: string,
): Promise<void> {
  if (!unit.needsBefore(entity, id)) return;
  const row = await unit.manager.findOneBy(entity, { id } as FindOptionsWhere<Row>);
  if (row !== null) unit.noteChange(id, { before: rowView(unit.manager, entity, row) });
}

async function refuse<Row extends VersionedRow>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  id: string,
): Promise<never> {
  const exists = await unit.manager.existsBy(entity, { id } as FindOptionsWhere<Row>);
  throw new ApiError(exists ? commonErrors.preconditionFailed : commonErrors.notFound);
}
