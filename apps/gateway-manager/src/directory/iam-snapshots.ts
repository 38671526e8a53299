import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { snapshotEnvironments, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { everyPage } from '@tollgate/projections';
import type { Place } from './directory.service.ts';

/** Reads iam's snapshots: for what its events have not told yet. */
@Injectable()
export class IamSnapshots {
  constructor(@Inject(ServiceClient) private readonly client: ServiceClient) {}

  /** @returns null when the tenant has no such environment. */
  async findEnvironment(tenantId: string, environmentId: string): Promise<Place | null> {
    const environments = everyPage((query) => this.client.call(snapshotEnvironments, { tenantId, query }));
    for await (const environment of environments) {
      if (environment.environmentId !== environmentId || environment.tenantId !== tenantId) continue;
      const slug = await this.#findSlug(tenantId);
      if (slug === null) return null;
      return { slug, environment: { id: environmentId, projectId: environment.projectId, isDeleted: false } };
    }
    return null;
  }

  async #findSlug(tenantId: string): Promise<string | null> {
    const tenants = everyPage((query) => this.client.call(snapshotTenants, { tenantId, query }));
    for await (const tenant of tenants) if (tenant.tenantId === tenantId) return tenant.slug;
    return null;
  }
}
