import { z } from 'zod';
import { redact, redactedText } from './audit-redaction.ts';

/** Values that one entry tells at most; beyond it the entry says `tooLarge`. */
export const maxAuditChanges = 200;
/** Size of a change set as JSON, in UTF-16 units; beyond it the entry says `tooLarge`. */
export const maxAuditChangesLength = 32_768;

const value = z.unknown().optional();

/** One value of an object that is another than before. */
export const auditChange = z
  .object({
    path: z.string().meta({ description: 'JSON pointer (RFC 6901) into the object; arrays by index.' }),
    kind: z.enum(['added', 'changed', 'removed']),
    before: value.meta({ description: 'Absent where it was not there.' }),
    after: value.meta({ description: 'Absent where it is not there any more.' }),
    redacted: z.boolean().meta({
      description: `True: it is secret, or holds what is; that reads \`${redactedText}\`, before and after.`,
    }),
  })
  .meta({ id: 'AuditChange' });
export type AuditChange = z.infer<typeof auditChange>;

/** What a change made of an object. It is whole, or it says that it is too large; it is never cut. */
export const auditChangeSet = z
  .object({
    tooLarge: z.boolean().meta({
      description: `True: more than ${maxAuditChanges} values or 32 KiB changed; \`changes\` is empty then.`,
    }),
    count: z.number().int().nonnegative().meta({ description: 'Values that changed, also where they are not told.' }),
    changes: z.array(auditChange).max(maxAuditChanges),
  })
  .meta({ id: 'AuditChangeSet' });
export type AuditChangeSet = z.infer<typeof auditChangeSet>;

/** An object as its owner shows it; null: there is none. */
export type AuditView = Readonly<Record<string, unknown>> | null;

/** Tells what differs between two views of an object, without what is secret. Views hold what JSON can hold. */
export function changesBetween(before: AuditView, after: AuditView): AuditChangeSet {
  const changes: AuditChange[] = [];
  let count = 0;
  for (const difference of differences({ path: '', before: before ?? {}, after: after ?? {} })) {
    count++;
    if (changes.length < maxAuditChanges) changes.push(toChange(difference, { before, after }));
  }
  const tooLarge = count > maxAuditChanges || JSON.stringify(changes).length > maxAuditChangesLength;
  return { tooLarge, count, changes: tooLarge ? [] : changes };
}

interface Difference {
  readonly path: string;
  /** Undefined: not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The least values that differ: inside objects, and inside arrays of the same length. */
function* differences({ path, before, after }: Difference): Generator<Difference> {
  const inside = keysOfBoth(before, after);
  if (inside === null) {
    if (!isSame(before, after)) yield { path, before, after };
    return;
  }
  for (const key of inside) {
    const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    yield* differences({ path: at, before: memberOf(before, key), after: memberOf(after, key) });
  }
}

function keysOfBoth(before: unknown, after: unknown): string[] | null {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length ? Object.keys(before) : null;
  }
  if (!isObject(before) || !isObject(after)) return null;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function memberOf(container: unknown, key: string): unknown {
  return Object.hasOwn(container as object, key) ? (container as Record<string, unknown>)[key] : undefined;
}

function isObject(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function isSame(before: unknown, after: unknown): boolean {
  return before === after || JSON.stringify(before) === JSON.stringify(after);
}

function toChange({ path, before, after }: Difference, views: { before: AuditView; after: AuditView }): AuditChange {
  const old = redact(before, { path, root: views.before });
  const present = redact(after, { path, root: views.after });
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return {
    path,
    kind,
    ...(before === undefined ? {} : { before: old.value }),
    ...(after === undefined ? {} : { after: present.value }),
    redacted: old.isRedacted || present.isRedacted,
  };
}
