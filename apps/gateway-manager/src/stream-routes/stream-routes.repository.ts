import { Injectable } from '@nestjs/common';
import type { UnitOfWork } from '@tollgate/persistence';
import { contentOf } from '../publishing/resource-content.ts';
import type { StreamRouteRow } from './stream-route-state.ts';

/** Where resources stand. */
interface Source {
  table: string;
  /** SQL that reads the value of a row by its alias. */
  valueOf: (alias: string) => string;
}

const draft: Source = { table: 'draft_resources', valueOf: (alias) => `${alias}.value` };
const revision: Source = { table: 'published_resources', valueOf: contentOf };

/** Reads the stream routes of groups, each with what it needs, by one look-up a row. */
@Injectable()
export class StreamRoutesRepository {
  /** Those of the draft, of all workspaces. */
  findDrafted(unit: UnitOfWork, groupId: string): Promise<StreamRouteRow[]> {
    return this.#find(unit, groupId, draft);
  }

  /** Those of the revision in force. */
  findPublished(unit: UnitOfWork, groupId: string): Promise<StreamRouteRow[]> {
    return this.#find(unit, groupId, revision);
  }

  #find({ manager }: UnitOfWork, groupId: string, { table, valueOf }: Source): Promise<StreamRouteRow[]> {
    const lookUp = (kind: string, id: string) =>
      `(select ${valueOf('x')} from ${table} x
        where x.tenant_id = r.tenant_id and x.group_id = r.group_id and x.kind = '${kind}' and x.id = ${id})`;
    return manager.query<StreamRouteRow[]>(
      `with routes as materialized (
         select p.tenant_id, p.group_id, p.id, ${valueOf('p')} as value from ${table} p
         where p.group_id = $1 and p.kind = 'stream_route'
       ), served as materialized (
         select r.*, ${lookUp('upstream', "r.value ->> 'upstream_id'")} as upstream,
           ${lookUp('service', "r.value ->> 'service_id'")} as service
         from routes r where r.value is not null
       )
       select r.id, r.value, r.upstream, r.service,
         ${lookUp('upstream', "r.service ->> 'upstream_id'")} as "serviceUpstream"
       from served r order by r.id`,
      [groupId],
    );
  }
}
