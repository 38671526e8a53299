import { resourceKinds, type ResourceKind } from '@tollgate/contracts/gateway';
import type { FeedChange } from '../link/config-feed.ts';

const rank = new Map<ResourceKind, number>(resourceKinds.map((kind, index) => [kind, index]));

/** A resource of a sequence; without a value it was removed. */
export interface FeedRow {
  kind: ResourceKind;
  id: string;
  value: Record<string, unknown> | null;
}

/** The rows in dependency order: puts first, what others refer to before them; then deletes, the other way round. */
export function orderChanges(rows: readonly FeedRow[]): FeedChange[] {
  const puts: FeedChange[] = [];
  const deletes: FeedChange[] = [];
  for (const { kind, id, value } of rows) {
    if (value === null) deletes.push({ op: 'delete', kind, id });
    else puts.push({ op: 'put', kind, id, value });
  }
  puts.sort((a, b) => rankOf(a) - rankOf(b));
  deletes.sort((a, b) => rankOf(b) - rankOf(a));
  return [...puts, ...deletes];
}

function rankOf({ kind }: FeedChange): number {
  return rank.get(kind) ?? 0;
}
