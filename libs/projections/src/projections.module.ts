import { type DynamicModule, Global, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Database } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Projections } from './projections.ts';
import { ReconcileJob } from './reconcile-job.ts';
import { IamTenants, TENANTS, type Tenants } from './tenants.ts';

/** Options of {@link ProjectionsModule.forService}. */
export interface ProjectionsOptions {
  /** Seconds between two reconciliations of everything. */
  readonly intervalSeconds: number;
  /** Who names the tenants; default: `iam`, over HTTP. */
  readonly tenants?: Type<Tenants>;
}

/**
 * Gives a service the job that reconciles its projections, and {@link Projections} for the endpoint that rebuilds them at once. Finds
 * them by `@AsProjection` among the container's providers. Needs `PersistenceModule` and `AuthModule`.
 */
@Global()
@Module({})
export class ProjectionsModule {
  static forService({ intervalSeconds, tenants: source = IamTenants }: ProjectionsOptions): DynamicModule {
    return {
      module: ProjectionsModule,
      imports: [DiscoveryModule],
      providers: [
        Projections,
        { provide: TENANTS, useClass: source },
        {
          provide: ReconcileJob,
          inject: [Database, Projections, TENANTS, LOGGER],
          useFactory: (database: Database, projections: Projections, tenants: Tenants, logger: Logger) =>
            new ReconcileJob({ database, projections, tenants, logger, intervalSeconds }),
        },
      ],
      exports: [Projections],
    };
  }
}
