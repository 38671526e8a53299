import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { In } from 'typeorm';
import { GatewayGroupEntity } from './gateway-group.entity.ts';

@Injectable()
export class GatewayGroupsRepository {
  /** Adds a group unless it is known; a deleted one stays deleted. Returns whether it was added. */
  async add({ manager, tenantId }: UnitOfWork, group: { id: string; name: string; hosts: string[] }): Promise<boolean> {
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

  /** Ids of the groups that are known and not deleted. */
  async listIds({ manager }: UnitOfWork): Promise<string[]> {
    const groups = await manager.find(GatewayGroupEntity, { select: { id: true }, where: { deleted: false } });
    return groups.map(({ id }) => id);
  }

  /** Brings a group into line with a snapshot of it. Returns whether it was not; a deleted one stays deleted. */
  async mirror(unit: UnitOfWork, group: { id: string; name: string; hosts: string[] }): Promise<boolean> {
    const known = await unit.manager.findOneBy(GatewayGroupEntity, { id: group.id });
    if (known === null) return this.add(unit, group);
    if (known.deleted || (known.name === group.name && known.hosts.join() === group.hosts.join())) return false;
    await unit.manager.update(GatewayGroupEntity, { id: group.id }, { name: group.name, hosts: group.hosts });
    return true;
  }

  /** Hosts of those groups that exist. */
  async listHosts({ manager }: UnitOfWork, ids: string[]): Promise<string[]> {
    const groups = await manager.find(GatewayGroupEntity, {
      where: { id: In(ids), deleted: false },
      order: { id: 'asc' },
    });
    return groups.flatMap(({ hosts }) => hosts);
  }
}
