import type { components } from '@tollgate/client';
import { connect, type CliContext, type GlobalOptions } from '../context.ts';
import { findGroup } from '../groups.ts';
import { type Column, renderObject, renderRows } from '../output.ts';

type Outcome = components['schemas']['RevisionOutcome'];

const columns: readonly Column<Outcome['changes'][number]>[] = [
  ['change', (row) => row.change],
  ['kind', (row) => row.kind],
  ['id', (row) => row.id],
];

function report(context: CliContext, outcome: Outcome, words: string, output: GlobalOptions['output']): void {
  if (output !== 'table') {
    context.out(renderObject(outcome, output));
    return;
  }
  context.out(renderRows(outcome.changes, columns, output, 'Nothing changed.'));
  if (outcome.changed > outcome.changes.length)
    context.out(`… and ${outcome.changed - outcome.changes.length} more.\n`);
  context.note(`${words} ${outcome.revision}.\n`);
}

/** Publishes a group's draft, or with `--dry-run` shows what would change. */
export async function publish(
  context: CliContext,
  options: GlobalOptions & { group: string; note?: string; dryRun?: boolean },
): Promise<void> {
  const client = await connect(context, options);
  const group = await findGroup(client, options.group);
  const { data } = await client.POST('/api/v1/gateway-groups/{groupId}/publish', {
    params: { path: { groupId: group.id }, query: { dryRun: options.dryRun ? 'true' : 'false' } },
    body: { baseRevision: group.revision, note: options.note ?? '' },
  });
  if (data === undefined) return;
  if (data.revision === group.revision && options.output === 'table') {
    context.note(`The draft is what revision ${data.revision} has already; nothing was published.
`);
    return;
  }
  report(
    context,
    data,
    options.dryRun ? 'Not published; it would become revision' : 'Published revision',
    options.output,
  );
}

/** Puts an older revision's content back in force, as a new revision. */
export async function rollback(
  context: CliContext,
  options: GlobalOptions & { group: string; to: number; note?: string; dryRun?: boolean },
): Promise<void> {
  const client = await connect(context, options);
  const group = await findGroup(client, options.group);
  const { data } = await client.POST('/api/v1/gateway-groups/{groupId}/rollback', {
    params: { path: { groupId: group.id }, query: { dryRun: options.dryRun ? 'true' : 'false' } },
    body: { toRevision: options.to, note: options.note ?? '' },
  });
  if (data !== undefined)
    report(
      context,
      data,
      options.dryRun
        ? 'Not rolled back; it would become revision'
        : `Rolled back to the content of revision ${options.to} as revision`,
      options.output,
    );
}
