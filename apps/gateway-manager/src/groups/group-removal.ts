import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { gatewayGroupDeleted } from '@tollgate/contracts/events';
import type { Dependant } from '@tollgate/contracts/rest';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { announcePool, announceSequence } from '../feed/config-channel.ts';
import { DataPlanesService } from '../fleet/data-planes.service.ts';
import type { GroupEntity } from './group.entity.ts';
import { GroupPoolsRepository } from './group-pools.repository.ts';
import { GroupsRepository } from './groups.repository.ts';

/** An answer that lists more than this does not get clearer. */
const maxListed = 50;

/** Takes gateway groups away with all that is in them, by whoever's wish. */
@Injectable()
export class GroupRemoval {
  constructor(
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(GroupPoolsRepository) private readonly pools: GroupPoolsRepository,
    @Inject(DataPlanesService) private readonly dataPlanes: DataPlanesService,
  ) {}

  /**
   * Deletes a group that the unit has locked. By force the data planes of its own pool are revoked, and the portal takes it out of
   * the products that are sold in it when it hears of the deletion. A pool that holds revoked data planes stays, as that they are
   * revoked must be remembered; its enrolment tokens are revoked.
   * @returns what became of those who referred to the group.
   * @throws ApiError `resource.in_use` while products are sold in it or data planes are enrolled, unless forced.
   */
  async remove(unit: UnitOfWork, group: GroupEntity, force: boolean): Promise<Dependant[]> {
    const isOwn = group.poolKind === 'self-hosted';
    if (isOwn) await this.pools.closeEnrolment(unit, group.poolId);
    const products = await this.groups.productsIn(unit, group.id);
    const planes = isOwn ? await this.pools.findEnrolled(unit, group.poolId) : [];
    if (!force) refuseUsed(products, planes);
    for (const { id } of planes) await this.dataPlanes.revokeIn(unit, id);
    await announceSequence(unit, group.id, 'revision');
    await announcePool(unit, group.poolId);
    await this.groups.delete(unit, group);
    if (isOwn) await this.pools.deleteUnlessRemembered(unit, group.poolId);
    const aggregateVersion = group.version + 1;
    const data = { groupId: group.id };
    await unit.emit(gatewayGroupDeleted.create({ subject: group.id, tenantId: unit.tenantId, aggregateVersion, data }));
    return [
      ...products.map(({ id }): Dependant => ({ kind: 'api-product', id, effect: 'detached' })),
      ...planes.map(({ id }): Dependant => ({ kind: 'data-plane', id, effect: 'revoked' })),
    ];
  }

  /** Makes committed revocations count at once. */
  async announce(dependants: readonly Dependant[]): Promise<void> {
    for (const { effect, id } of dependants) if (effect === 'revoked') await this.dataPlanes.announceRevoked(id);
  }
}

function refuseUsed(products: readonly Named[], planes: readonly Named[]): void {
  const errors = [
    ...products.map(({ id, name }) => ({
      pointer: `/api-products/${id}`,
      message: `The API product ${name} is sold here.`,
    })),
    ...planes.map(({ id, name }) => ({
      pointer: `/data-planes/${id}`,
      message: `The data plane ${name} is enrolled into its pool.`,
    })),
  ];
  if (errors.length > 0) throw new ApiError(commonErrors.inUse, { errors: errors.slice(0, maxListed) });
}

interface Named {
  id: string;
  name: string;
}
