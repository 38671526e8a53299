import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { contentOf } from '../publishing/resource-content.ts';
import type { FeedRow } from './feed-step.ts';

/** More changes than this are sent as a snapshot. */
export const maxDeltaChanges = 5000;

/** Reads the two sequences as data planes need them; a delta may be one row longer than {@link maxDeltaChanges}. */
@Injectable()
export class FeedRepository {
  readRevision({ manager }: UnitOfWork, groupId: string): Promise<FeedRow[]> {
    return manager.query(
      `select p.kind, p.id, ${contentOf('p')} as value from published_resources p where p.group_id = $1`,
      [groupId],
    );
  }

  readRevisionSince({ manager }: UnitOfWork, groupId: string, from: number): Promise<FeedRow[]> {
    return manager.query(
      `select changed.kind, changed.id,
              (select ${contentOf('p')} from published_resources p
               where p.tenant_id = changed.tenant_id and p.group_id = changed.group_id
                 and p.kind = changed.kind and p.id = changed.id) as value
       from (select distinct tenant_id, group_id, kind, id from revision_changes
             where group_id = $1 and revision > $2 limit $3) changed`,
      [groupId, from, maxDeltaChanges + 1],
    );
  }

  readAccess({ manager }: UnitOfWork, groupId: string): Promise<FeedRow[]> {
    return manager.query('select kind, id, value from access_resources where group_id = $1 and value is not null', [
      groupId,
    ]);
  }

  readAccessSince({ manager }: UnitOfWork, groupId: string, from: number): Promise<FeedRow[]> {
    return manager.query(
      'select kind, id, value from access_resources where group_id = $1 and position > $2 limit $3',
      [groupId, from, maxDeltaChanges + 1],
    );
  }
}
