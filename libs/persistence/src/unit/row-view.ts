import type { AuditView } from '@tollgate/contracts/events';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';

/** Columns that belong to every row and say nothing of what it is about. */
const bookkeeping = new Set(['id', 'tenantId', 'version', 'createdAt', 'updatedAt']);

/** The columns of a row that an audit entry may tell, under the names that the service uses. */
export function rowView<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  row: ObjectLiteral,
): AuditView {
  const { columns } = manager.connection.getMetadata(entity);
  const told = columns.flatMap(({ propertyName, isInsert, isUpdate }): [string, unknown][] => {
    const value: unknown = row[propertyName];
    // What the database derives says nothing new.
    const isDerived = !isInsert && !isUpdate;
    if (isDerived || bookkeeping.has(propertyName) || value === undefined || typeof value === 'function') return [];
    return [[propertyName, value instanceof Date ? value.toISOString() : value]];
  });
  return Object.fromEntries(told);
}
