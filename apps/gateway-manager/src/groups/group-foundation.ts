import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '@tollgate/contracts/auth';
import { contentHash, groupSettingsId } from '@tollgate/contracts/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { publisherOf } from '../publishing/publisher.ts';
import { RevisionWriter } from '../publishing/revision-writer.ts';
import { DraftResourcesRepository } from '../resources/draft-resources.repository.ts';
import { SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import type { GroupEntity } from './group.entity.ts';
import { settingsOf } from './group-settings.ts';

/** What a group has from its first moment, so that data planes answer for its host: heads of its sequences, settings, revision 1. */
@Injectable()
export class GroupFoundation {
  constructor(
    @Inject(SequenceHeadsRepository) private readonly heads: SequenceHeadsRepository,
    @Inject(DraftResourcesRepository) private readonly drafts: DraftResourcesRepository,
    @Inject(RevisionWriter) private readonly writer: RevisionWriter,
  ) {}

  async lay(unit: UnitOfWork, group: GroupEntity, principal: Principal): Promise<void> {
    await this.heads.insert(unit, group.id);
    await this.draftSettings(unit, group);
    const content = settingsOf(group);
    await this.writer.append(unit, {
      groupId: group.id,
      head: await this.heads.lock(unit, { groupId: group.id, sequence: 'revision' }),
      changes: [
        {
          kind: 'group_settings',
          id: groupSettingsId,
          workspaceId: null,
          beforeHash: null,
          afterHash: contentHash(content),
          content,
        },
      ],
      cause: 'publish',
      workspaceId: null,
      restoredRevision: null,
      note: 'Gateway group created',
      publishedBy: publisherOf(principal),
    });
  }

  /** Puts the group's settings into the global part of its draft. */
  async draftSettings(unit: UnitOfWork, group: GroupEntity): Promise<void> {
    const value = settingsOf(group);
    await this.drafts.put(unit, {
      groupId: group.id,
      kind: 'group_settings',
      id: groupSettingsId,
      workspaceId: null,
      value,
      policyTemplate: null,
      importedBy: null,
      contentHash: contentHash(value),
      references: [],
    });
  }
}
