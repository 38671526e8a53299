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

  /** The groups that are known, deleted ones too. */
  listKnown({ manager }: UnitOfWork): Promise<Pick<GatewayGroupEntity, 'id' | 'deleted'>[]> {
    return manager.find(GatewayGroupEntity, { select: { id: true, deleted: true } });
  }

  /** Brings a group into line with a snapshot of it. Returns whether it was not; a deleted one stays deleted unless `undelete` says else. */
  async mirror(
    unit: UnitOfWork,
    { id, name, hosts }: { id: string; name: string; hosts: string[] },
    undelete: boolean,
  ): Promise<boolean> {
    const known = await unit.manager.findOneBy(GatewayGroupEntity, { id });
    if (known === null) return this.add(unit, { id, name, hosts });
    if (known.deleted && !undelete) return false;
    if (!known.deleted && known.name === name && known.hosts.join() === hosts.join()) return false;
    await unit.manager.update(GatewayGroupEntity, { id }, { name, hosts, deleted: false });
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
