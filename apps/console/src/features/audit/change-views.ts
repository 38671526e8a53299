import type { AuditEntry } from './audit.ts';

type ChangeSet = NonNullable<AuditEntry['changes']>;

/** The changed values by their JSON pointers; undefined where none was there. */
export interface ChangeViews {
  readonly before: Record<string, unknown> | undefined;
  readonly after: Record<string, unknown> | undefined;
}

/** Both sides of a change set, as a diff compares them: what was made has no side before, what was removed none after. */
export function viewsOf({ changes }: ChangeSet): ChangeViews {
  const side = (has: 'added' | 'removed', value: 'before' | 'after') => {
    const there = changes.filter(({ kind }) => kind !== has);
    return there.length === 0 ? undefined : Object.fromEntries(there.map((change) => [change.path, change[value]]));
  };
  return { before: side('added', 'before'), after: side('removed', 'after') };
}
