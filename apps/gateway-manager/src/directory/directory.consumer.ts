import { Inject, Injectable } from '@nestjs/common';
import {
  environmentCreated,
  environmentDeleted,
  type EventDefinition,
  tenantCreated,
  tenantResumed,
  tenantSuspended,
} from '@tollgate/contracts/events';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import type { UnitOfWork } from '@tollgate/persistence';
import { AccessStateRepository } from '../access/access-state.repository.ts';
import { AccessStateService } from '../access/access-state.service.ts';
import { compileTenantSuspension } from '../access/compile-access.ts';
import { DirectoryRepository } from './directory.repository.ts';

type DataOf<D> = D extends EventDefinition<infer T> ? T : never;
type EnvironmentGone = ReceivedEvent<DataOf<typeof environmentDeleted>>;

const consumer = { consumer: 'directory' } as const;

/** Keeps the local picture of tenants and environments, and stops the traffic of tenants that an operator suspended. */
@Injectable()
export class DirectoryConsumer {
  constructor(
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
    @Inject(AccessStateRepository) private readonly state: AccessStateRepository,
    @Inject(AccessStateService) private readonly access: AccessStateService,
  ) {}

  @OnEvent(tenantCreated, consumer)
  async onTenantCreated(event: ReceivedEvent<DataOf<typeof tenantCreated>>, unit: UnitOfWork): Promise<void> {
    await this.directory.putTenant(unit, event.data.slug);
  }

  @OnEvent(tenantSuspended, consumer)
  onTenantSuspended(_event: ReceivedEvent<DataOf<typeof tenantSuspended>>, unit: UnitOfWork): Promise<void> {
    return this.#setSuspended(unit, true);
  }

  @OnEvent(tenantResumed, consumer)
  onTenantResumed(_event: ReceivedEvent<DataOf<typeof tenantResumed>>, unit: UnitOfWork): Promise<void> {
    return this.#setSuspended(unit, false);
  }

  @OnEvent(environmentCreated, consumer)
  async onEnvironmentCreated(event: ReceivedEvent<DataOf<typeof environmentCreated>>, unit: UnitOfWork): Promise<void> {
    const { environmentId: id, projectId } = event.data;
    await this.directory.putEnvironment(unit, { id, projectId, isDeleted: false });
  }

  @OnEvent(environmentDeleted, consumer)
  async onEnvironmentDeleted(event: EnvironmentGone, unit: UnitOfWork): Promise<void> {
    const { environmentId: id, projectId } = event.data;
    await this.directory.putEnvironment(unit, { id, projectId, isDeleted: true });
  }

  async #setSuspended(unit: UnitOfWork, isSuspended: boolean): Promise<void> {
    await this.access.takeTurn(unit);
    const groupIds = await this.state.findGroups(unit);
    await this.access.apply(
      unit,
      new Map(groupIds.map((groupId) => [groupId, [compileTenantSuspension(isSuspended)]])),
    );
  }
}
