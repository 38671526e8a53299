import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { In } from 'typeorm';
import { GatewayGroupEntity } from './gateway-group.entity.ts';

@Injectable()
export class GatewayGroupsRepository {
  /** Adds a group unless it is known; a deleted one stays deleted. */
  async add({ manager, tenantId }: UnitOfWork, group: { id: string; name: string; hosts: string[] }): Promise<void> {
    await manager
      .createQueryBuilder()
      .insert()
      .into(GatewayGroupEntity)
      .values({ ...group, tenantId: tenantId ?? '', deleted: false })
      .orIgnore()
      .execute();
  }

  async markDeleted({ manager }: UnitOfWork, id: string): Promise<void> {
    await manager.update(GatewayGroupEntity, { id }, { deleted: true });
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
