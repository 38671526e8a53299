import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  approveDeveloper,
  Developer,
  DeveloperState,
  getDeveloper,
  listDevelopers,
} from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { SessionsService } from '../sessions/sessions.service.ts';
import { nextState } from '../shared/state-machine.ts';
import { SubscriptionLifecycle } from '../subscriptions/subscription-lifecycle.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { emitApproved } from './developer-events.ts';
import { developerMachine, type DeveloperStep, mayLogIn } from './developer-rules.ts';
import { DevelopersRepository } from './developers.repository.ts';

const pageSize = 200;

/** Developers as a tenant's admins see and decide them. */
@Injectable()
export class DevelopersService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  list(call: EndpointCall<typeof listDevelopers>): Promise<Page<Developer>> {
    return this.database.inTenant(tenantOf(call), (unit) => this.developers.list(unit, call.query, call.query));
  }

  get(call: EndpointCall<typeof getDeveloper>): Promise<Developer> {
    return this.database.inTenant(tenantOf(call), (unit) => this.developers.get(unit, call.params.developerId));
  }

  /** One call for every step, as their endpoints differ in nothing else. */
  async take(call: EndpointCall<typeof approveDeveloper>, step: DeveloperStep): Promise<Developer> {
    let ended: string[] = [];
    const work = async (unit: UnitOfWork): Promise<Developer> => {
      const before = await this.developers.lock(unit, call.params.developerId);
      const state = nextState(developerMachine, before.state, step);
      if (state === before.state) return before;
      const developer = await this.developers.change(unit, before.id, { state });
      if (!mayLogIn(developer)) ended = await this.sessions.removeAll(unit, developer.id);
      await this.#follow(unit, developer);
      const object = { kind: 'developer', id: developer.id };
      const details = { from: before.state, to: state };
      await unit.audit(auditOf(call, { action: `developer.${step}`, object, details }));
      return developer;
    };
    const developer = await this.database.inTenant(tenantOf(call), work, call);
    if (!call.dryRun) await this.sessions.forget(ended);
    return developer;
  }

  /** What a developer's new state means for others. */
  async #follow(unit: UnitOfWork, developer: Developer): Promise<void> {
    const follow: Partial<Record<DeveloperState, () => Promise<void>>> = {
      approved: () => emitApproved(unit, developer),
      suspended: () => this.#suspendSubscriptions(unit, developer.id),
    };
    await follow[developer.state]?.();
  }

  async #suspendSubscriptions(unit: UnitOfWork, developerId: string): Promise<void> {
    const filter = { developerId, state: 'approved' as const };
    for (;;) {
      const { items } = await this.subscriptions.list(unit, { limit: pageSize }, filter);
      for (const { id } of items) {
        await this.lifecycle.take(unit, await this.subscriptions.lock(unit, id), 'suspend');
      }
      if (items.length < pageSize) return;
    }
  }
}
