import type { ResourceValue } from '../resource.ts';

/** Where a route’s calls go. */
export type Target = 'service' | 'upstream' | 'own';

/** What the object says; undefined when it says nothing. */
export function targetOf(value: ResourceValue): Target | undefined {
  if (value.service_id !== undefined) return 'service';
  if (value.upstream_id !== undefined) return 'upstream';
  return value.upstream === undefined ? undefined : 'own';
}

/** The object with a target of that kind, not yet chosen, and without the others. */
export function withTarget(value: ResourceValue, target: Target): ResourceValue {
  const { service_id: service, upstream_id: shared, upstream: own, ...others } = value;
  switch (target) {
    case 'service':
      return service === undefined ? others : { ...others, service_id: service };
    case 'upstream':
      return shared === undefined ? others : { ...others, upstream_id: shared };
    case 'own':
      return { ...others, upstream: own ?? { nodes: [{ host: '', port: 80, weight: 1 }] } };
  }
}
