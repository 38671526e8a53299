import type { ResourceKind } from '@tollgate/contracts/gateway';

/** One resource naming another of its workspace. */
export interface Reference {
  toKind: ResourceKind;
  toId: string;
  /** The field that holds the id. */
  field: string;
}

/** Which field of which kind names which kind. */
const referenceFields: Partial<Record<ResourceKind, Record<string, ResourceKind>>> = {
  route: { service_id: 'service', upstream_id: 'upstream' },
  stream_route: { service_id: 'service', upstream_id: 'upstream' },
  service: { upstream_id: 'upstream' },
  consumer: { group_id: 'consumer_group' },
};

/** What a resource refers to. */
export function referencesOf(kind: ResourceKind, value: Record<string, unknown>): Reference[] {
  return Object.entries(referenceFields[kind] ?? {}).flatMap(([field, toKind]) => {
    const toId = value[field];
    return typeof toId === 'string' ? [{ toKind, toId, field }] : [];
  });
}

const referredTo = new Set(Object.values(referenceFields).flatMap((fields) => Object.values(fields)));

/** Whether resources of any kind can refer to one of this kind. */
export function isReferredTo(kind: ResourceKind): boolean {
  return referredTo.has(kind);
}
