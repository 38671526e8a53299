import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { listGroupSnapshots } from '@tollgate/contracts/rest/gateway';
import { Database } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { environmentsRepository } from './environments.repository.ts';

/** Which gateway groups belong to which environment. */
@AsProjection('environment-uses')
@Injectable()
export class EnvironmentUsesProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
  ) {}

  /** A group may be deleted between its owner's answer and what is added here by it. Asked again, the owner no longer names it. */
  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = await this.#compare(tenantId);
    if (result.drift > 0) await this.#compare(tenantId);
    return result;
  }

  async #compare(tenantId: string): Promise<Reconciliation> {
    const { database } = this;
    const before = await database.inTenant(tenantId, (unit) => environmentsRepository.listUsesOfTenant(unit));
    const known = new Map(before.map((use) => [use.groupId, use]));
    const result = { checked: 0, drift: 0 };
    const groups = everyPage((query) => this.client.call(listGroupSnapshots, { tenantId, query }));
    for await (const { groupId, environmentId, name } of groups) {
      const use = known.get(groupId);
      known.delete(groupId);
      result.checked += 1;
      if (use?.environmentId === environmentId && use.name === name) continue;
      result.drift += 1;
      await database.inTenant(tenantId, async (unit) => {
        if (use !== undefined) await environmentsRepository.removeUse(unit, groupId);
        await environmentsRepository.addUse(unit, { tenantId, groupId, environmentId, name });
      });
    }
    for (const groupId of known.keys()) {
      result.checked += 1;
      result.drift += 1;
      await database.inTenant(tenantId, (unit) => environmentsRepository.removeUse(unit, groupId));
    }
    return result;
  }
}
