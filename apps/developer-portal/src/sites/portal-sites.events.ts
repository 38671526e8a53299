import { Inject, Injectable } from '@nestjs/common';
import { tenantCreated, tenantResumed, tenantSuspended } from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { PortalSitesRepository } from './portal-sites.repository.ts';

const consumer = 'portal-sites';

/** Gives every new tenant its portal site, and opens and closes sign-up as the tenant is resumed and suspended. */
@Injectable()
export class PortalSitesEvents {
  constructor(@Inject(PortalSitesRepository) private readonly sites: PortalSitesRepository) {}

  @OnEvent(tenantCreated, { consumer })
  async onTenantCreated(
    { data, aggregateVersion = 0 }: ReceivedEvent<{ name: string; slug: string }>,
    unit: UnitOfWork,
  ): Promise<void> {
    await this.sites.ensureDefault(unit, { name: data.name, slug: data.slug, tenantVersion: aggregateVersion });
  }

  @OnEvent(tenantSuspended, { consumer })
  async onTenantSuspended({ aggregateVersion = 0 }: ReceivedEvent, unit: UnitOfWork): Promise<void> {
    await this.sites.setSignUpOpen(unit, false, aggregateVersion);
  }

  @OnEvent(tenantResumed, { consumer })
  async onTenantResumed({ aggregateVersion = 0 }: ReceivedEvent, unit: UnitOfWork): Promise<void> {
    await this.sites.setSignUpOpen(unit, true, aggregateVersion);
  }
}
