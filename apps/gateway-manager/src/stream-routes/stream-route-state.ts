import { upstreamSchema, type Upstream } from '@tollgate/contracts/gateway';

/** The field by which a stream route names where it goes. */
export type StreamTarget = 'upstream' | 'upstream_id' | 'service_id';

/** A stream route with what it needs, each as it stands in the same draft or revision; null for what is not there. */
export interface StreamRouteRow {
  id: string;
  value: Record<string, unknown>;
  /** What `upstream_id` names. */
  upstream: Record<string, unknown> | null;
  /** What `service_id` names. */
  service: Record<string, unknown> | null;
  /** What the service's `upstream_id` names. */
  serviceUpstream: Record<string, unknown> | null;
}

/** Which field decides about the upstream: the first that is there, as on data planes. */
export function targetOf({ value }: Pick<StreamRouteRow, 'value'>): StreamTarget {
  if (value['upstream'] !== undefined) return 'upstream';
  return value['upstream_id'] !== undefined ? 'upstream_id' : 'service_id';
}

/** The upstream that takes the streams; null when there is none. */
export function upstreamOf(row: StreamRouteRow): Upstream | null {
  const found = upstreamSchema.safeParse(writtenUpstreamOf(row));
  return found.success ? found.data : null;
}

function writtenUpstreamOf(row: StreamRouteRow): unknown {
  switch (targetOf(row)) {
    case 'upstream':
      return row.value['upstream'];
    case 'upstream_id':
      return row.upstream;
    case 'service_id':
      return row.service?.['upstream'] ?? row.serviceUpstream;
  }
}
