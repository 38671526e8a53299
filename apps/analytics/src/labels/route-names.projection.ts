import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { listGroupSnapshots, listPublishedRoutes } from '@tollgate/contracts/rest/gateway';
import { Database } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { RouteLabelsRepository } from './route-labels.repository.ts';

/** Names of the routes of the revisions in force. */
@AsProjection('route-names')
@Injectable()
export class RouteNamesProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(RouteLabelsRepository) private readonly labels: RouteLabelsRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = { checked: 0, drift: 0 };
    const groups = everyPage((query) => this.client.call(listGroupSnapshots, { tenantId, query }));
    for await (const { groupId, revision } of groups)
      await this.#reconcileGroup({ tenantId, groupId, revision }, result);
    return result;
  }

  /** A group that still waits for its copy is left to the copier. */
  async #reconcileGroup(
    group: { tenantId: string; groupId: string; revision: number },
    result: Reconciliation,
  ): Promise<void> {
    const { database, labels } = this;
    const { tenantId, groupId } = group;
    const [isWaiting, names] = await database.inTenant(tenantId, async (unit) => [
      await labels.isOutdated(unit, groupId),
      await labels.listNames(unit, { tenantId, groupId }),
    ]);
    if (isWaiting) return;
    const routes = everyPage((query) =>
      this.client.call(listPublishedRoutes, { params: { groupId }, query, tenantId }),
    );
    const wrong: { routeId: string; name: string }[] = [];
    for await (const { id: routeId, name } of routes) {
      if (name === null) continue;
      result.checked += 1;
      if (names.get(routeId) !== name) wrong.push({ routeId, name });
    }
    if (wrong.length === 0) return;
    result.drift += wrong.length;
    await database.inTenant(tenantId, async (unit) => {
      await labels.announceRevision(unit, group);
      await labels.save(unit, group, wrong);
      await labels.markCopied(unit, group);
    });
  }
}
