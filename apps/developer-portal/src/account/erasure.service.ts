import { Inject, Injectable } from '@nestjs/common';
import { developerErased } from '@tollgate/contracts/events';
import type { EndpointCall } from '@tollgate/contracts/rest';
import type { eraseMyDeveloper } from '@tollgate/contracts/rest/portal';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { auditOf, tenantOf } from '@tollgate/platform';
import { DevelopersRepository } from '../developers/developers.repository.ts';
import { SessionsService } from '../sessions/sessions.service.ts';
import { SubscriptionLifecycle } from '../subscriptions/subscription-lifecycle.ts';
import { SubscriptionsRepository } from '../subscriptions/subscriptions.repository.ts';
import { isLive } from '../subscriptions/subscription-rules.ts';
import { CurrentDeveloper } from './current-developer.ts';

const pageSize = 200;

/** Lets developers erase themselves: first everything of theirs ends, then every row of theirs is deleted. */
@Injectable()
export class ErasureService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CurrentDeveloper) private readonly current: CurrentDeveloper,
    @Inject(DevelopersRepository) private readonly developers: DevelopersRepository,
    @Inject(SessionsService) private readonly sessions: SessionsService,
    @Inject(SubscriptionsRepository) private readonly subscriptions: SubscriptionsRepository,
    @Inject(SubscriptionLifecycle) private readonly lifecycle: SubscriptionLifecycle,
  ) {}

  async erase(call: EndpointCall<typeof eraseMyDeveloper>): Promise<void> {
    const ended = await this.database.inTenant(tenantOf(call), async (unit) => {
      const { id } = await this.current.get(unit, call);
      const developer = await this.developers.lock(unit, id, call.ifMatch);
      await this.#cancelSubscriptions(unit, id);
      const sessions = await this.sessions.removeAll(unit, id);
      await this.developers.delete(unit, developer);
      const aggregateVersion = developer.version + 1;
      const data = { developerId: id, siteId: developer.siteId };
      await unit.emit(developerErased.create({ subject: id, tenantId: unit.tenantId, aggregateVersion, data }));
      await unit.audit(auditOf(call, { action: 'developer.erase', object: { kind: 'developer', id } }));
      return sessions;
    });
    await this.sessions.forget(ended);
  }

  async #cancelSubscriptions(unit: UnitOfWork, developerId: string): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.subscriptions.list(unit, { limit: pageSize, cursor }, { developerId });
      for (const { id } of page.items.filter(isLive)) {
        await this.lifecycle.take(unit, await this.subscriptions.lock(unit, id), 'cancel');
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
}
