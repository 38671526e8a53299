import {
  maxListedChanges,
  type Revision,
  type RevisionChange,
  type RevisionOutcome,
} from '@tollgate/contracts/rest/gateway';
import type { ResourceChange } from './revision-writer.ts';
import type { RevisionEntity } from './revision.entity.ts';

/** The revision as the API shows it. */
export function toRevision(row: RevisionEntity): Revision {
  const { groupId, revision, hash, cause, workspaceId, restoredRevision, note, changed, publishedBy } = row;
  const publishedAt = row.publishedAt.toISOString();
  return { groupId, revision, hash, cause, workspaceId, restoredRevision, note, changed, publishedBy, publishedAt };
}

/** A change as the API shows it. */
export function toRevisionChange(change: Omit<ResourceChange, 'content'>): RevisionChange {
  const { kind, id, workspaceId } = change;
  return { kind, id, workspaceId, change: changeWord(change) };
}

/** Whether something was added, changed or removed. */
export function changeWord({
  beforeHash,
  afterHash,
}: Pick<ResourceChange, 'beforeHash' | 'afterHash'>): RevisionChange['change'] {
  if (beforeHash === null) return 'add';
  return afterHash === null ? 'remove' : 'change';
}

/** A new revision with the first of its changes. */
export function toOutcome(revision: Revision, changes: readonly ResourceChange[]): RevisionOutcome {
  return { ...revision, changes: changes.slice(0, maxListedChanges).map(toRevisionChange) };
}
