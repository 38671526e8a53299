import { Injectable } from '@nestjs/common';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import type { Page, PageQuery } from '@tollgate/contracts/rest';
import { readPage, type UnitOfWork } from '@tollgate/persistence';
import { contentOf } from '../publishing/resource-content.ts';
import { PublishedResourceEntity } from '../publishing/published-resource.entity.ts';

/** Reads resources of the revision in force. */
@Injectable()
export class PublishedRoutesRepository {
  listRoutes({ manager }: UnitOfWork, groupId: string, page: PageQuery): Promise<Page<PublishedResourceEntity>> {
    const query = manager
      .createQueryBuilder(PublishedResourceEntity, 'route')
      .where(`route.groupId = :groupId and route.kind = 'route'`, { groupId });
    return readPage(query, page);
  }

  /** Values of the resources of a kind with these ids, by id. */
  async findValues(
    { manager }: UnitOfWork,
    groupId: string,
    kind: ResourceKind,
    ids: readonly string[],
  ): Promise<Map<string, Record<string, unknown>>> {
    const rows = await manager.query<{ id: string; value: Record<string, unknown> }[]>(
      `select p.id, ${contentOf('p')} as value from published_resources p
       where p.group_id = $1 and p.kind = $2 and p.id = any($3)`,
      [groupId, kind, ids],
    );
    return new Map(rows.map(({ id, value }) => [id, value]));
  }

  async findGlobalRules({ manager }: UnitOfWork, groupId: string): Promise<Record<string, unknown>[]> {
    const rows = await manager.query<{ value: Record<string, unknown> }[]>(
      `select ${contentOf('p')} as value from published_resources p
       where p.group_id = $1 and p.kind = 'global_rule'`,
      [groupId],
    );
    return rows.map(({ value }) => value);
  }
}
