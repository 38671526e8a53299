import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, type EntityManager } from 'typeorm';
import { isRetryable } from './pg-errors.ts';
import { schemaRoles, type SchemaRoles } from '../schema/roles.ts';
import type { ServiceSchema } from '../schema/service-schema.ts';
import { TransactionUnit, type UnitOfWork } from './unit-of-work.ts';

/** How a service connects. */
export interface DatabaseOptions {
  /** Address with the service's own log-in role; see `runtimeDatabaseUrl`. */
  databaseUrl: string;
  /** Connections at most; default 10. A unit of work holds one. */
  poolSize?: number;
}

const defaultPoolSize = 10;
/** Waiting longer for a connection means that the pool is exhausted: fail instead of piling up. */
const connectionTimeoutMs = 5_000;
/** A unit that PostgreSQL chose to end a deadlock, or that met another one's change, runs again from its start. */
const maxAttempts = 3;
/** Longest a statement may run, and longest a transaction may do nothing, before PostgreSQL ends it. */
const statementTimeoutMs = 30_000;

/**
 * The only door to a service's data. Outside a unit of work the connection has no right to read or write anything.
 */
export class Database {
  readonly #roles: SchemaRoles;
  readonly #openUnit = new AsyncLocalStorage<{ open: boolean }>();

  private constructor(
    private readonly schema: ServiceSchema,
    /** For what needs a connection of its own (LISTEN, advisory locks); it has no right to any table. */
    readonly dataSource: DataSource,
  ) {
    this.#roles = schemaRoles(schema.schema);
  }

  /** The PostgreSQL schema of the service. */
  get schemaName(): string {
    return this.schema.schema;
  }

  /** Connects; rejects when the server does not answer or refuses the role. */
  static async connect(schema: ServiceSchema, options: DatabaseOptions): Promise<Database> {
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.databaseUrl,
      schema: schema.schema,
      entities: schema.entities,
      installExtensions: false,
      applicationName: `tollgate-${schema.service}`,
      poolSize: options.poolSize ?? defaultPoolSize,
      connectTimeoutMS: connectionTimeoutMs,
      extra: {
        options: `-c search_path=${schema.schema}`,
        statement_timeout: statementTimeoutMs,
        idle_in_transaction_session_timeout: statementTimeoutMs,
      },
    });
    await dataSource.initialize();
    return new Database(schema, dataSource);
  }

  /**
   * Runs `work` in one transaction that sees and writes rows of this tenant only. Commits when `work` resolves, rolls back when it
   * rejects. No network call belongs inside, and `work` may run again: PostgreSQL ends deadlocks by refusing one side.
   * @param options.dryRun rolls back also when `work` resolves: what the database refuses is found out, nothing is changed.
   * @param options.isSnapshot all statements see the rows of one moment, so that what one of them finds fits what the others find.
   */
  async inTenant<T>(
    tenantId: string,
    work: (unit: UnitOfWork) => Promise<T>,
    options: { dryRun?: boolean; isSnapshot?: boolean } = {},
  ): Promise<T> {
    if (!tenantId.startsWith('tnt_')) throw new Error('a unit of work needs the id of a tenant');
    const scope: Scope = { role: this.#roles.app, tenantId, isSnapshot: options.isSnapshot ?? false };
    if (!options.dryRun) return this.#transaction(scope, work);
    try {
      return await this.#transaction(scope, async (unit) => {
        throw new DryRunEnd(await work(unit));
      });
    } catch (cause) {
      if (cause instanceof DryRunEnd) return cause.result as T;
      throw cause;
    }
  }

  /**
   * Runs `work` in one transaction with the system role, which sees all rows of the few tables that allow it.
   * @param purpose one of the service's declared `systemPurposes`.
   * @param options.tenantId the tenant that the work is about, for events and audit entries.
   * @throws Error when the purpose is not declared.
   */
  async inSystem<T>(
    purpose: string,
    work: (unit: UnitOfWork) => Promise<T>,
    options: { tenantId?: string } = {},
  ): Promise<T> {
    if (!Object.hasOwn(this.schema.systemPurposes, purpose)) {
      throw new Error(`system purpose ${purpose} is not declared by ${this.schema.service}`);
    }
    const scope: Scope = { role: this.#roles.system, tenantId: options.tenantId ?? null, isSnapshot: false };
    return this.#transaction(scope, work);
  }

  /** Rejects when the server does not answer. */
  async ping(): Promise<void> {
    await this.dataSource.query('select 1');
  }

  /** Waits for open units and closes all connections. */
  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  async #transaction<T>(scope: Scope, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    if (this.#openUnit.getStore()?.open) {
      throw new Error('a unit of work is open already; a second one could wait for ever for a connection');
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(scope, work);
      } catch (cause) {
        if (attempt === maxAttempts || !isRetryable(cause)) throw cause;
      }
    }
  }

  async #attempt<T>({ role, tenantId, isSnapshot }: Scope, work: (unit: UnitOfWork) => Promise<T>): Promise<T> {
    const state = { open: true };
    const run = async (manager: EntityManager): Promise<T> => {
      await manager.query(`select set_config('role', $1, true), set_config('app.tenant_id', $2, true)`, [
        role,
        tenantId ?? '',
      ]);
      return work(new TransactionUnit(manager, tenantId, this.schema));
    };
    try {
      return await this.#openUnit.run(state, () =>
        isSnapshot ? this.dataSource.transaction('REPEATABLE READ', run) : this.dataSource.transaction(run),
      );
    } finally {
      state.open = false;
    }
  }
}

/** Whose rows a transaction sees, and as of when. */
interface Scope {
  readonly role: string;
  readonly tenantId: string | null;
  readonly isSnapshot: boolean;
}

/** Ends the transaction of a dry run and carries its result out. */
class DryRunEnd extends Error {
  constructor(readonly result: unknown) {
    super('dry run');
  }
}
