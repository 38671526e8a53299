import { serviceSchemas, type OwningService } from '@tollgate/contracts';
import type { MigrationInterface } from 'typeorm';

/** A migration written by hand: plain SQL in `up`, run once, in the order of the list. */
export type MigrationClass = new () => MigrationInterface;

/** A class with TypeORM's `@Entity`. */
export type EntityClass = new () => object;

/** What a service says of its part of the database. */
export interface ServiceSchemaInput {
  service: OwningService;
  entities: EntityClass[];
  /** In order; the class name ends with a 13-digit timestamp. Outbox, inbox and idempotency tables come by themselves. */
  migrations: MigrationClass[];
  /** Name of each system unit of work and why it must see more than one tenant's rows. */
  systemPurposes: Record<string, string>;
  /** Tables that the system role may touch, and why. */
  systemTables?: Record<string, string>;
  /** Tables without a tenant, and why. */
  globalTables?: Record<string, string>;
  /**
   * Entities whose columns audit entries may tell when a row comes, changes or goes: configuration and what is sold, never people. Secrets
   * are taken out by name.
   */
  audited?: EntityClass[];
  /** Unique indexes and constraints without `tenant_id`, and why the name must be unique across tenants. */
  globalNames?: Record<string, string>;
}

/** {@link ServiceSchemaInput}, completed. */
export interface ServiceSchema extends Required<ServiceSchemaInput> {
  /** The PostgreSQL schema. */
  readonly schema: string;
}

/** System purposes that every service has, for the tables that this library brings. */
const platformPurposes = {
  'outbox-relay': 'publishes the events of all tenants in order',
  'event-inbox': 'records which events took effect before their tenant is known',
  'idempotency-keys': 'remembers responses per principal; some principals have no tenant',
};

/**
 * Declares a service's part of the database.
 * @throws Error when a purpose of the platform is declared again.
 */
export function defineServiceSchema(input: ServiceSchemaInput): ServiceSchema {
  for (const purpose of Object.keys(input.systemPurposes)) {
    if (purpose in platformPurposes) throw new Error(`system purpose ${purpose} belongs to the platform`);
  }
  return Object.freeze({
    systemTables: {},
    globalTables: {},
    globalNames: {},
    audited: [],
    ...input,
    systemPurposes: { ...input.systemPurposes, ...platformPurposes },
    schema: serviceSchemas[input.service],
  });
}
