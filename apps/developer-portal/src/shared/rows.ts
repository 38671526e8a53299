import { newId, type IdPrefix } from '@tollgate/contracts';
import { updateVersioned, type UnitOfWork } from '@tollgate/persistence';
import type { EntityTarget, QueryDeepPartialEntity } from 'typeorm';
import type { VersionedEntity } from './versioned.entity.ts';

/** First version of a row in the unit's tenant. */
export function newRow<Row extends VersionedEntity>(
  { tenantId }: UnitOfWork,
  prefix: IdPrefix,
  columns: Omit<Row, keyof VersionedEntity>,
): Row {
  if (tenantId === null) throw new Error('a row needs a tenant');
  const now = new Date();
  return { ...columns, id: newId(prefix), tenantId, version: 1, createdAt: now, updatedAt: now } as Row;
}

/** Changes a row that the unit has locked and returns it as it is afterwards. */
export async function changeRow<Row extends VersionedEntity>(
  unit: UnitOfWork,
  entity: EntityTarget<Row>,
  row: Row,
  set: Partial<Omit<Row, keyof VersionedEntity>>,
): Promise<Row> {
  const updatedAt = new Date();
  const version = await updateVersioned(unit, entity, {
    id: row.id,
    expectedVersion: row.version,
    set: { ...set, updatedAt } as QueryDeepPartialEntity<Row>,
  });
  return { ...row, ...set, version, updatedAt };
}

/** Time columns of a row as the REST API writes them. */
export function rowTimes({ createdAt, updatedAt }: Pick<VersionedEntity, 'createdAt' | 'updatedAt'>): {
  createdAt: string;
  updatedAt: string;
} {
  return { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
