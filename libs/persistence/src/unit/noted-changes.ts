import { type AuditChangeSet, type AuditView, changesBetween } from '@tollgate/contracts/events';

/** What an object was, and what of it is now. */
export interface NotedViews {
  /** Null: there was none. Of several notes about a field the first counts. */
  readonly before?: AuditView;
  /** Null: there is none any more. Fields that are left out are as they were; of several notes about a field the last counts. */
  readonly after?: AuditView;
}

/** Objects of one unit at most; an entry about more of them tells no changes. */
const mostObjects = 1000;

/** What the objects that a unit changes were and are, by id, for the audit entries about them. */
export class NotedChanges {
  readonly #views = new Map<string, { before: AuditView | undefined; after: AuditView | undefined }>();

  note(id: string, { before, after }: NotedViews): void {
    const known = this.#views.get(id);
    if (known === undefined) {
      if (this.#views.size < mostObjects) this.#views.set(id, { before, after });
      return;
    }
    if (before !== undefined) known.before = known.before === undefined ? before : merge(before, known.before);
    if (after !== undefined) known.after = known.after === undefined ? after : merge(known.after, after);
  }

  /** Whether it is known what an object was. */
  hasBefore(id: string): boolean {
    return this.#views.get(id)?.before !== undefined;
  }

  /** What became of an object; undefined when nobody noted what it was, or that it changed. */
  of(id: string): AuditChangeSet | undefined {
    const { before, after } = this.#views.get(id) ?? {};
    if (before === undefined || after === undefined) return undefined;
    return changesBetween(before, merge(before, after));
  }
}

/** The later one's fields over the earlier one's; an object that came or went is all that the later one says. */
function merge(earlier: AuditView, later: AuditView): AuditView {
  return earlier === null || later === null ? later : { ...earlier, ...later };
}
