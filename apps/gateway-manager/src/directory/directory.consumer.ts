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
import { DirectoryRepository } from './directory.repository.ts';
import { TenantSuspension } from './tenant-suspension.ts';

type DataOf<D> = D extends EventDefinition<infer T> ? T : never;
type EnvironmentGone = ReceivedEvent<DataOf<typeof environmentDeleted>>;

const consumer = { consumer: 'directory' } as const;

/** Keeps the local picture of tenants and environments, and stops the traffic of tenants that an operator suspended. */
@Injectable()
export class DirectoryConsumer {
  constructor(
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
    @Inject(TenantSuspension) private readonly suspension: TenantSuspension,
  ) {}

  @OnEvent(tenantCreated, consumer)
  async onTenantCreated(event: ReceivedEvent<DataOf<typeof tenantCreated>>, unit: UnitOfWork): Promise<void> {
    await this.directory.putTenant(unit, event.data.slug);
  }

  @OnEvent(tenantSuspended, consumer)
  async onTenantSuspended(event: ReceivedEvent<DataOf<typeof tenantSuspended>>, unit: UnitOfWork): Promise<void> {
    await this.suspension.apply(unit, { isSuspended: true, version: event.aggregateVersion ?? 0 });
  }

  @OnEvent(tenantResumed, consumer)
  async onTenantResumed(event: ReceivedEvent<DataOf<typeof tenantResumed>>, unit: UnitOfWork): Promise<void> {
    await this.suspension.apply(unit, { isSuspended: false, version: event.aggregateVersion ?? 0 });
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
}
