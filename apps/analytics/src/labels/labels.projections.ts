import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import type { Reconciliation } from '@tollgate/contracts/rest';
import { snapshotTenants } from '@tollgate/contracts/rest/iam';
import {
  listPlanVersionSnapshots,
  listProductSnapshots,
  listSubscriptionSnapshots,
  type SubscriptionSnapshot,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { AsProjection, everyPage, type Projection } from '@tollgate/projections';
import { QuotasRepository } from '../quotas/quotas.repository.ts';
import { LabelsRepository } from './labels.repository.ts';

/** Billing zones of tenants; quotas are told anew in the right one. */
@AsProjection('billing-zones')
@Injectable()
export class BillingZonesProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(LabelsRepository) private readonly labels: LabelsRepository,
    @Inject(QuotasRepository) private readonly quotas: QuotasRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const result = { checked: 0, drift: 0 };
    const tenants = everyPage((query) => this.client.call(snapshotTenants, { tenantId, query }));
    for await (const { billingTimeZone: zone, version: aggregateVersion } of tenants) {
      result.checked += 1;
      const isDrift = await this.database.inTenant(tenantId, async (unit) => {
        const isOther = await this.labels.saveZone(unit, { tenantId, zone, aggregateVersion });
        if (isOther) await this.quotas.markTenant(unit, tenantId);
        return isOther;
      });
      if (isDrift) result.drift += 1;
    }
    return result;
  }
}

/** Names of products, plans and applications, and which plan a subscription has. Plans that it had before come from events alone. */
@AsProjection('labels')
@Injectable()
export class LabelsProjection implements Projection {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(LabelsRepository) private readonly labels: LabelsRepository,
  ) {}

  async reconcile(tenantId: string): Promise<Reconciliation> {
    const { client, labels } = this;
    const result = { checked: 0, drift: 0 };
    const take = async (save: (unit: UnitOfWork) => Promise<boolean>) => {
      result.checked += 1;
      if (await this.database.inTenant(tenantId, save)) result.drift += 1;
    };
    const products = everyPage((query) => client.call(listProductSnapshots, { tenantId, query }));
    for await (const { productId, name, state, version: aggregateVersion } of products) {
      // What is not on sale is not announced: it keeps the name that it was sold by.
      if (state !== 'published') continue;
      await take((unit) => labels.saveProduct(unit, { tenantId, productId, name, aggregateVersion }));
    }
    const plans = everyPage((query) => client.call(listPlanVersionSnapshots, { tenantId, query }));
    for await (const { planVersionId, productId, name } of plans)
      await take((unit) => labels.savePlanVersion(unit, { tenantId, planVersionId, productId, name }));
    const subscriptions = everyPage((query) => client.call(listSubscriptionSnapshots, { tenantId, query }));
    for await (const subscription of subscriptions)
      await take((unit) => this.#takeSubscription(unit, tenantId, subscription));
    return result;
  }

  async #takeSubscription(unit: UnitOfWork, tenantId: string, snapshot: SubscriptionSnapshot): Promise<boolean> {
    const { labels } = this;
    const { subscriptionId, applicationId, applicationName, productId, planVersionId, planSince, version } = snapshot;
    if ((await labels.findSubscriptionVersion(unit, { tenantId, subscriptionId })) > version) return false;
    const isOther = await labels.saveSubscription(unit, {
      tenantId,
      subscriptionId,
      applicationId,
      applicationName,
      productId,
      planVersionId,
      aggregateVersion: version,
    });
    if (planSince === null) return isOther;
    const plan = { tenantId, subscriptionId, planVersionId, effectiveFrom: new Date(planSince) };
    return (await labels.mirrorPlanOf(unit, plan)) || isOther;
  }
}
