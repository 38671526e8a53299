import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, ForcedDeletion, Page } from '@tollgate/contracts/rest';
import {
  type Application,
  type createMyApplication,
  type deleteMyApplication,
  type getMyApplication,
  type listMyApplications,
  portalErrors,
  type updateMyApplication,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { ApiError, auditOf, outcomeOf, tenantOf } from '@tollgate/platform';
import { CurrentDeveloper } from '../account/current-developer.ts';
import { SubscriptionEndings } from '../subscriptions/subscription-endings.ts';
import { SubscriptionEvents } from '../subscriptions/subscription-events.ts';
import { ApplicationsRepository } from './applications.repository.ts';

const applicationsPerDeveloper = 50;

/** Applications as their developer manages them. */
@Injectable()
export class MyApplicationsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(ApplicationsRepository) private readonly applications: ApplicationsRepository,
    @Inject(SubscriptionEndings) private readonly endings: SubscriptionEndings,
    @Inject(SubscriptionEvents) private readonly subscriptionEvents: SubscriptionEvents,
  ) {}

  list(call: EndpointCall<typeof listMyApplications>): Promise<Page<Application>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id } = await this.current.get(unit, call);
      return this.applications.list(unit, call.query, id);
    });
  }

  get(call: EndpointCall<typeof getMyApplication>): Promise<Application> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      const { id } = await this.current.get(unit, call);
      return this.applications.get(unit, call.params.applicationId, id);
    });
  }

  create(call: EndpointCall<typeof createMyApplication>): Promise<Application> {
    const work = async (unit: UnitOfWork): Promise<Application> => {
      const { id: developerId } = await this.current.lockApproved(unit, call);
      if ((await this.applications.count(unit, developerId)) >= applicationsPerDeveloper) {
        const detail = `A developer has at most ${applicationsPerDeveloper} applications.`;
        throw new ApiError(portalErrors.limitReached, { detail });
      }
      const application = await this.applications.insert(unit, developerId, call.body);
      await unit.audit(auditOf(call, { action: 'application.create', object: objectOf(application) }));
      return application;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  update(call: EndpointCall<typeof updateMyApplication>): Promise<Application> {
    const work = async (unit: UnitOfWork): Promise<Application> => {
      const { id: developerId } = await this.current.lockApproved(unit, call);
      const before = await this.applications.lock(unit, call.params.applicationId, developerId, call.ifMatch);
      const application = await this.applications.change(unit, before.id, call.body);
      if (application.name !== before.name) await this.subscriptionEvents.announceRenamed(unit, application.id);
      const details = { changed: Object.keys(call.body) };
      await unit.audit(auditOf(call, { action: 'application.update', object: objectOf(application), details }));
      return application;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }

  remove(call: EndpointCall<typeof deleteMyApplication>): Promise<ForcedDeletion | undefined> {
    const work = async (unit: UnitOfWork): Promise<ForcedDeletion | undefined> => {
      const { id: developerId } = await this.current.get(unit, call);
      const application = await this.applications.lock(unit, call.params.applicationId, developerId, call.ifMatch);
      const outcome = outcomeOf(call, await this.endings.endAll(unit, { applicationId: application.id }, call.force));
      await this.applications.delete(unit, application);
      const object = objectOf(application);
      await unit.audit(auditOf(call, { action: 'application.delete', object, details: { ...outcome } }));
      return outcome;
    };
    return this.database.inTenant(tenantOf(call), work, call);
  }
}

function objectOf({ id }: Application): { kind: string; id: string } {
  return { kind: 'application', id };
}
