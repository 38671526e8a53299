import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type { Usage } from '@tollgate/contracts/rest/analytics';
import type { getMyApplicationUsage, getMySubscriptionUsage } from '@tollgate/contracts/rest/portal';
import { Database } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { ApplicationsRepository } from '../applications/applications.repository.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { UsageReader } from './usage-reader.ts';

/** What a developer's own applications called. */
@Injectable()
export class MyUsageService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(ApplicationsRepository) private readonly applications: ApplicationsRepository,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(UsageReader) private readonly usage: UsageReader,
  ) {}

  async ofSubscription(call: EndpointCall<typeof getMySubscriptionUsage>): Promise<Usage> {
    const tenantId = tenantOf(call);
    const { id: subscriptionId } = await this.database.inTenant(tenantId, async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      return this.subscriptions.get(unit, call.params.subscriptionId, developerId);
    });
    return this.usage.read(tenantId, { subscriptionId }, call.query);
  }

  async ofApplication(call: EndpointCall<typeof getMyApplicationUsage>): Promise<Usage> {
    const tenantId = tenantOf(call);
    const { id: applicationId } = await this.database.inTenant(tenantId, async (unit) => {
      const { id: developerId } = await this.current.get(unit, call);
      return this.applications.get(unit, call.params.applicationId, developerId);
    });
    return this.usage.read(tenantId, { applicationId }, call.query);
  }
}
