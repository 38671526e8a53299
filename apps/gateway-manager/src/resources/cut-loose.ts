import type { DraftResourceEntity } from './draft-resource.entity.ts';
import type { DraftKey } from './draft-resources.repository.ts';
import { referencesOf } from './references.ts';

/** APISIX's status of a route that serves nothing. */
const disabled = 0;

/** Schemes of upstreams by the ids of the stream routes that use them. */
export type StreamSchemes = ReadonlyMap<string, string>;

/** What a resource is after something that it needs was removed. */
export interface CutLoose {
  value: Record<string, unknown>;
  effect: 'disabled' | 'detached';
}

/** A resource without its references to what is removed. A route is disabled too: it must not serve by halves. */
export function withoutReferencesTo(gone: DraftKey, row: DraftResourceEntity, schemes: StreamSchemes): CutLoose {
  const value = { ...row.value };
  for (const { field, toKind, toId } of referencesOf(row.kind, value)) {
    if (toKind === gone.kind && toId === gone.id) delete value[field];
  }
  if (row.kind === 'stream_route' && value['upstream'] === undefined) return disableStream(value, schemes.get(row.id));
  return row.kind === 'route' ? disable(value) : { value, effect: 'detached' };
}

/** A route whose service lost its upstream, disabled; null for one that has an upstream of its own. */
export function withoutUpstreamOfService(
  { id, kind, value }: DraftResourceEntity,
  schemes: StreamSchemes,
): CutLoose | null {
  const hasOwn = value?.['upstream'] !== undefined || value?.['upstream_id'] !== undefined;
  if (hasOwn) return null;
  return kind === 'stream_route' ? disableStream({ ...value }, schemes.get(id)) : disable({ ...value });
}

function disable(value: Record<string, unknown>): CutLoose {
  return { value: { ...value, status: disabled }, effect: 'disabled' };
}

/** A stream route has no status: one without nodes closes what it takes, and its transport stays what it was. */
function disableStream(value: Record<string, unknown>, scheme = 'tcp'): CutLoose {
  return { value: { ...value, upstream: { nodes: [], scheme } }, effect: 'disabled' };
}
