import { Inject, Injectable } from '@nestjs/common';
import { revisionPublished } from '@tollgate/contracts/events';
import { GroupHash, type ResourceKind } from '@tollgate/contracts/gateway';
import type { Revision } from '@tollgate/contracts/rest/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { announceSequence } from '../feed/config-channel.ts';
import { type SequenceHead, SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { CallChecks } from '../stream-routes/call-checks.ts';
import { StreamChecks } from '../stream-routes/stream-checks.ts';
import { RevisionsRepository } from './revisions.repository.ts';

/** One difference between a revision and the one before. */
export interface ResourceChange {
  kind: ResourceKind;
  id: string;
  /** Null in the global part of the group. */
  workspaceId: string | null;
  beforeHash: string | null;
  afterHash: string | null;
  /** Content of `afterHash`; left out where it is stored already. */
  content?: Record<string, unknown>;
}

/** What a revision is made of. */
export interface NewRevision {
  groupId: string;
  /** The locked head that the revision follows. */
  head: SequenceHead;
  changes: ResourceChange[];
  cause: Revision['cause'];
  workspaceId: string | null;
  restoredRevision: number | null;
  note: string;
  publishedBy: Revision['publishedBy'];
}

/** Appends revisions. Costs a fixed number of statements, and rows for what changed only. */
@Injectable()
export class RevisionWriter {
  constructor(
    @Inject(RevisionsRepository) private readonly revisions: RevisionsRepository,
    @Inject(SequenceHeadsRepository) private readonly heads: SequenceHeadsRepository,
    @Inject(CallChecks) private readonly calls: CallChecks,
    @Inject(StreamChecks) private readonly streams: StreamChecks,
  ) {}

  /**
   * Stores the revision, moves the head, and announces it when the unit commits.
   * @throws ApiError `gateway.configuration_invalid` when its stream routes do not go together, as parts are published on their own, or when
   *   its routes lead to upstreams for streams.
   */
  async append(unit: UnitOfWork, input: NewRevision): Promise<Revision> {
    const { groupId, head, changes } = input;
    const hash = hashAfter(head.hash, changes);
    const position = head.position + 1;
    const revision: Revision = {
      groupId,
      revision: position,
      hash,
      cause: input.cause,
      workspaceId: input.workspaceId,
      restoredRevision: input.restoredRevision,
      note: input.note,
      changed: changes.length,
      publishedBy: input.publishedBy,
      publishedAt: new Date().toISOString(),
    };
    await this.revisions.insert(unit, revision, changes);
    // What is rolled back to was in force before, and the draft tells nothing of it.
    if (input.cause === 'publish') await this.calls.refuseInForce(unit, groupId, changes);
    await this.streams.refuseInForce(unit, groupId, changes);
    await this.heads.move(unit, { groupId, sequence: 'revision' }, { position, hash });
    await unit.emit(
      revisionPublished.create({
        subject: groupId,
        tenantId: unit.tenantId,
        aggregateVersion: position,
        data: { groupId, revision: position, hash, cause: input.cause, changed: changes.length },
      }),
    );
    await announceSequence(unit, groupId, 'revision');
    return revision;
  }
}

/** The group hash after the changes, from the one before. */
export function hashAfter(hash: string, changes: readonly ResourceChange[]): string {
  const sum = GroupHash.from(hash);
  for (const { kind, id, beforeHash, afterHash } of changes) {
    if (beforeHash !== null) sum.remove(kind, id, beforeHash);
    if (afterHash !== null) sum.add(kind, id, afterHash);
  }
  return sum.value;
}
