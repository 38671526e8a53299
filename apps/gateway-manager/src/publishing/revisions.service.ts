import { Inject, Injectable } from '@nestjs/common';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import type {
  diffGroup,
  DraftChange,
  getRevision,
  listRevisionChanges,
  listRevisions,
  Revision,
  RevisionDifference,
} from '@tollgate/contracts/rest/gateway';
import { Database, mapPage } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import { GroupsRepository } from '../groups/groups.repository.ts';
import { compileDraft } from '../resources/compile-draft.ts';
import { templateOf } from '../resources/draft-resources.repository.ts';
import { ContentsRepository } from './contents.repository.ts';
import { DraftChangesRepository } from './draft-changes.repository.ts';
import { changeWord, toRevision, toRevisionChange } from './publishing.mapping.ts';
import { RevisionsRepository } from './revisions.repository.ts';

/** Reads what was published, and what would be. */
@Injectable()
export class RevisionsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(RevisionsRepository) private readonly revisions: RevisionsRepository,
    @Inject(DraftChangesRepository) private readonly draftChanges: DraftChangesRepository,
    @Inject(ContentsRepository) private readonly contents: ContentsRepository,
  ) {}

  async list(call: EndpointCall<typeof listRevisions>): Promise<Page<Revision>> {
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.groups.get(unit, call.params.groupId);
      return mapPage(await this.revisions.list(unit, call.params.groupId, call.query), toRevision);
    });
  }

  async get(call: EndpointCall<typeof getRevision>): Promise<Revision> {
    const { groupId, revision } = call.params;
    return this.database.inTenant(tenantOf(call), async (unit) =>
      toRevision(await this.revisions.get(unit, groupId, revision)),
    );
  }

  async listChanges(call: EndpointCall<typeof listRevisionChanges>): Promise<Page<RevisionDifference>> {
    const { groupId, revision } = call.params;
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.revisions.get(unit, groupId, revision);
      const page = await this.revisions.listChanges(unit, groupId, revision, call.query);
      const hashes = page.items.flatMap(({ beforeHash, afterHash }) => [beforeHash, afterHash]);
      const contents = await this.contents.findAll(unit, [...new Set(hashes.filter((hash) => hash !== null))]);
      return mapPage(page, (row) => ({
        ...toRevisionChange(row),
        before: contents.get(row.beforeHash ?? '') ?? null,
        after: contents.get(row.afterHash ?? '') ?? null,
      }));
    });
  }

  async diff(call: EndpointCall<typeof diffGroup>): Promise<Page<DraftChange>> {
    const part = { groupId: call.params.groupId, workspaceId: call.query.workspaceId ?? null };
    return this.database.inTenant(tenantOf(call), async (unit) => {
      await this.groups.get(unit, part.groupId);
      const page = await this.draftChanges.list(unit, part, call.query);
      const hashes = page.items.flatMap(({ publishedHash }) => publishedHash ?? []);
      const before = await this.contents.findAll(unit, hashes);
      return mapPage(page, (row): DraftChange => {
        const { kind, id, workspaceId, value, publishedHash, contentHash } = row;
        return {
          kind,
          id,
          workspaceId,
          change: changeWord({ beforeHash: publishedHash, afterHash: contentHash }),
          before: before.get(publishedHash ?? '') ?? null,
          after: value === null ? null : compileDraft({ value, policyTemplate: templateOf(row), workspaceId }),
        };
      });
    });
  }
}
