import type { NotedViews } from '@tollgate/persistence';
import type { DraftResourceEntity } from '../resources/draft-resource.entity.ts';
import { auditView } from '../resources/draft-resources.mapping.ts';
import type { ImportPlan } from './plan-import.ts';

/** What an import changes, by `<kind>/<id>`; a route that it removes is null afterwards. */
export function importViews(
  present: readonly DraftResourceEntity[],
  { puts, removedRoutes }: ImportPlan,
): Required<NotedViews> {
  const known = new Map(present.map((row) => [`${row.kind}/${row.id}`, auditView(row)]));
  const removed = removedRoutes.map((id): [string, null] => [`route/${id}`, null]);
  const written = puts.map(({ kind, id, workspaceId, value, policyTemplate }): [string, object] => [
    `${kind}/${id}`,
    { workspaceId, value, policyTemplate },
  ]);
  const before = [...written, ...removed].flatMap(([name]): [string, object][] => {
    const view = known.get(name) ?? null;
    return view === null ? [] : [[name, view]];
  });
  return { before: Object.fromEntries(before), after: Object.fromEntries([...written, ...removed]) };
}
