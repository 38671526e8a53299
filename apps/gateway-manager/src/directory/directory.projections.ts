import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { snapshotEnvironments, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { DirectoryRepository } from './directory.repository.ts';
import { TenantSuspension } from './tenant-suspension.ts';

/** Tenants: their slugs, and that the traffic of a suspended one is refused. */
@AsProjection('tenants')
@Injectable()
export class TenantsProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
    @Inject(TenantSuspension) private readonly suspension: TenantSuspension,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = { checked: 0, drift: 0 };
    const tenants = everyPage((query) => this.client.call(snapshotTenants, { tenantId, query }));
    for await (const { slug, status, version } of tenants) {
      result.checked += 1;
      const isDrift = await this.database.inTenant(tenantId, async (unit) => {
        const known = await this.directory.findTenant(unit);
        if (known?.slug !== slug) await this.directory.putTenant(unit, slug);
        const changed = await this.suspension.apply(unit, { isSuspended: status === 'suspended', version });
        return known?.slug !== slug || changed > 0;
      });
      if (isDrift) result.drift += 1;
    }
    return result;
  }
}

/** Environments, and which of them are gone. */
@AsProjection('environments')
@Injectable()
export class EnvironmentsProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
  ) {}

  /** What was known before iam was asked, and contradicts its answer, is wrong; what became known since is newer than the answer. */
  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { database, directory } = this;
    const before = await database.inTenant(tenantId, (unit) => directory.listEnvironments(unit));
    const known = new Map(before.map((environment) => [environment.id, environment]));
    const result = { checked: 0, drift: 0 };
    const environments = everyPage((query) => this.client.call(snapshotEnvironments, { tenantId, query }));
    for await (const { environmentId: id, projectId } of environments) {
      result.checked += 1;
      const copy = known.get(id);
      known.delete(id);
      if (copy?.projectId === projectId && !copy.isDeleted) continue;
      result.drift += 1;
      await database.inTenant(tenantId, (unit) =>
        copy === undefined
          ? directory.putEnvironment(unit, { id, projectId, isDeleted: false })
          : directory.mendEnvironment(unit, { id, projectId, undelete: copy.isDeleted }),
      );
    }
    for (const copy of known.values()) {
      if (copy.isDeleted) continue;
      result.checked += 1;
      result.drift += 1;
      await database.inTenant(tenantId, (unit) => directory.putEnvironment(unit, { ...copy, isDeleted: true }));
    }
    return result;
  }
}
