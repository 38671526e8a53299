export { Database, type DatabaseOptions } from './unit/database.ts';
export type { UnitOfWork } from './unit/unit-of-work.ts';
export { recordInbox, forgetInbox } from './unit/inbox.ts';
export { deleteVersioned, getForChange, updateVersioned, type VersionedRow } from './unit/versioned.ts';
export { mapPage, orderOf, readPage, type PageOrder, type PageRequest } from './unit/paging.ts';
export { whereContains, whereHolds } from './unit/searching.ts';
export { isForeignKeyViolation, isUniqueViolation } from './unit/pg-errors.ts';
export {
  defineServiceSchema,
  type EntityClass,
  type MigrationClass,
  type ServiceSchema,
  type ServiceSchemaInput,
} from './schema/service-schema.ts';
export { runtimeDatabaseUrl, serviceDatabaseUrl } from './schema/roles.ts';
export { globalTable, systemAccess, tenantTable, type TablePrivilege } from './schema/table-access.ts';
export { outboxChannel } from './schema/platform-tables.ts';
export { migrate, type MigrateInput } from './migrate/migrate.ts';
export { checkCatalogue, type CatalogueFinding } from './catalogue/check-catalogue.ts';
export { PersistenceModule } from './persistence.module.ts';
