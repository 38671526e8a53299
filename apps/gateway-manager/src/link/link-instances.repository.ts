import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { DataPlaneEntity } from '../fleet/data-plane.entity.ts';

/** What the link must know of an instance when it connects. */
@Injectable()
export class LinkInstancesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  find(dataPlaneId: string): Promise<Pick<DataPlaneEntity, 'id' | 'isDraining'> | null> {
    return this.database.inSystem('link', ({ manager }) =>
      manager.findOne(DataPlaneEntity, { where: { id: dataPlaneId }, select: { id: true, isDraining: true } }),
    );
  }
}
