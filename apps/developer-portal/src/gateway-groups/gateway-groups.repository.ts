import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { In } from 'typeorm';
import { GatewayGroupEntity } from './gateway-group.entity.ts';

/** What the portal keeps of a group. */
export type KnownGroup = Pick<GatewayGroupEntity, 'id' | 'name' | 'hosts' | 'addresses'>;

@Injectable()
export class GatewayGroupsRepository {
  /** Adds a group unless it is known; a deleted one stays deleted. Returns whether it was added. */
  async add({ manager, tenantId }: UnitOfWork, group: KnownGroup): Promise<boolean> {
    const inserted = await manager
      .createQueryBuilder()
      .insert()
      .into(GatewayGroupEntity)
      .values({ ...group, tenantId: tenantId ?? '', deleted: false })
      .orIgnore()
      .returning('id')
      .execute();
    return (inserted.raw as unknown[]).length > 0;
  }

  async markDeleted({ manager }: UnitOfWork, id: string): Promise<void> {
    await manager.update(GatewayGroupEntity, { id }, { deleted: true });
  }

  /** The groups that are known, deleted ones too. */
  listKnown({ manager }: UnitOfWork): Promise<Pick<GatewayGroupEntity, 'id' | 'deleted'>[]> {
    return manager.find(GatewayGroupEntity, { select: { id: true, deleted: true } });
  }

  /** Brings a group into line with a snapshot of it. Returns whether it was not; a deleted one stays deleted unless `undelete` says else. */
  async mirror(unit: UnitOfWork, group: KnownGroup, undelete: boolean): Promise<boolean> {
    const { id, name, hosts, addresses } = group;
    const known = await unit.manager.findOneBy(GatewayGroupEntity, { id });
    if (known === null) return this.add(unit, group);
    if (known.deleted && !undelete) return false;
    const isSame = known.name === name && sameList(known.hosts, hosts) && sameList(known.addresses, addresses);
    if (!known.deleted && isSame) return false;
    await unit.manager.update(GatewayGroupEntity, { id }, { name, hosts, addresses, deleted: false });
    return true;
  }

  async setAddresses({ manager }: UnitOfWork, id: string, addresses: string[]): Promise<void> {
    await manager.update(GatewayGroupEntity, { id }, { addresses });
  }

  /** Those of the groups that exist. */
  listPresent({ manager }: UnitOfWork, ids: string[]): Promise<GatewayGroupEntity[]> {
    return manager.find(GatewayGroupEntity, { where: { id: In(ids), deleted: false }, order: { id: 'asc' } });
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}
