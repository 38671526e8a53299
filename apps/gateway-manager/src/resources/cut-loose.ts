import type { DraftResourceEntity } from './draft-resource.entity.ts';
import type { DraftKey } from './draft-resources.repository.ts';
import { referencesOf } from './references.ts';

/** APISIX's status of a route that serves nothing. */
const disabled = 0;

/** What a resource is after something that it needs was removed. */
export interface CutLoose {
  value: Record<string, unknown>;
  effect: 'disabled' | 'detached';
}

/** A resource without its references to what is removed. A route is disabled too: it must not serve by halves. */
export function withoutReferencesTo(gone: DraftKey, row: DraftResourceEntity): CutLoose {
  const value = { ...row.value };
  for (const { field, toKind, toId } of referencesOf(row.kind, value)) {
    if (toKind === gone.kind && toId === gone.id) delete value[field];
  }
  return row.kind === 'route' ? disable(value) : { value, effect: 'detached' };
}

/** A route whose service lost its upstream, disabled; null for one that has an upstream of its own. */
export function withoutUpstreamOfService({ value }: DraftResourceEntity): CutLoose | null {
  const hasOwn = value?.['upstream'] !== undefined || value?.['upstream_id'] !== undefined;
  return hasOwn ? null : disable({ ...value });
}

function disable(value: Record<string, unknown>): CutLoose {
  return { value: { ...value, status: disabled }, effect: 'disabled' };
}
