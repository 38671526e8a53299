import { Inject, Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { AccessStateRepository } from '../access/access-state.repository.ts';
import { AccessStateService } from '../access/access-state.service.ts';
import { compileTenantSuspension } from '../access/compile-access.ts';
import { DirectoryRepository } from './directory.repository.ts';

/** Stops the traffic of tenants that an operator suspended, and lets it go on. */
@Injectable()
export class TenantSuspension {
  constructor(
    @Inject(DirectoryRepository) private readonly directory: DirectoryRepository,
    @Inject(AccessStateRepository) private readonly state: AccessStateRepository,
    @Inject(AccessStateService) private readonly access: AccessStateService,
  ) {}

  /** What is older than what is known changes nothing. Returns how many groups were not as they shall be. */
  async apply(unit: UnitOfWork, { isSuspended, version }: { isSuspended: boolean; version: number }): Promise<number> {
    await this.access.takeTurn(unit);
    const isKnown = (await this.directory.findTenant(unit)) !== null;
    if (isKnown && !(await this.directory.moveTenant(unit, version))) return 0;
    const groupIds = await this.state.findGroups(unit);
    const targets = new Map(groupIds.map((groupId) => [groupId, [compileTenantSuspension(isSuspended)]]));
    return this.access.apply(unit, targets);
  }
}
