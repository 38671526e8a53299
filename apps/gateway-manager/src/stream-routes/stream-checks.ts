import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import { gatewayErrors } from '@tollgate/contracts/rest/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { DraftKey } from '../resources/draft-resources.repository.ts';
import { findStreamFaults, type StreamFault } from './find-stream-faults.ts';
import { type StreamRouteRow, targetOf } from './stream-route-state.ts';
import { StreamRoutesRepository } from './stream-routes.repository.ts';

/** Kinds that decide whether the stream routes of a group can be served. */
const decisiveKinds: readonly ResourceKind[] = ['stream_route', 'upstream', 'service'];

/** Faults listed at most; more would not help anybody. */
const maxFaults = 50;

/** Keeps the stream routes of a group such that a data plane serves them, and each of them. */
@Injectable()
export class StreamChecks {
  constructor(@Inject(StreamRoutesRepository) private readonly routes: StreamRoutesRepository) {}

  /**
   * Looks at what a resource of the draft has just become.
   * @throws ApiError `request.invalid` when streams cannot go where it leads; `gateway.stream_route_conflict`.
   */
  async refuseInDraft(unit: UnitOfWork, key: DraftKey): Promise<void> {
    if (!decisiveKinds.includes(key.kind)) return;
    const rows = await this.routes.findDrafted(unit, key.groupId);
    const touched = new Set(rows.filter((row) => dependsOn(row, key)).map(({ id }) => id));
    const faults = findStreamFaults(rows).filter(({ id }) => touched.has(id));
    if (faults.length === 0) return;
    const errors = faults.slice(0, maxFaults).map((fault) => placeInDraft(fault, key));
    const isConflict = faults.every(({ reason }) => reason === 'conflict');
    throw new ApiError(isConflict ? gatewayErrors.streamRouteConflict : commonErrors.invalid, { errors });
  }

  /**
   * Looks at what the revision in force has just become by these changes.
   * @throws ApiError `gateway.configuration_invalid`
   */
  async refuseInForce(unit: UnitOfWork, groupId: string, changes: readonly { kind: ResourceKind }[]): Promise<void> {
    if (!changes.some(({ kind }) => decisiveKinds.includes(kind))) return;
    const faults = findStreamFaults(await this.routes.findPublished(unit, groupId));
    if (faults.length === 0) return;
    const errors = faults
      .slice(0, maxFaults)
      .map(({ id, field, message }) => ({ pointer: `/stream_route/${id}/${field}`, message }));
    throw new ApiError(gatewayErrors.configurationInvalid, { errors });
  }
}

function dependsOn(row: StreamRouteRow, { kind, id }: DraftKey): boolean {
  if (kind === 'stream_route') return row.id === id;
  const target = targetOf(row);
  if (kind === 'service') return target === 'service_id' && row.value['service_id'] === id;
  if (target === 'service_id') return row.service?.['upstream'] === undefined && row.service?.['upstream_id'] === id;
  return target === 'upstream_id' && row.value['upstream_id'] === id;
}

/** Where the fault is in what was written, which is the stream route itself or something that it needs. */
function placeInDraft({ id, field, upstreamField, message }: StreamFault, { kind }: DraftKey) {
  if (kind === 'stream_route') return { pointer: `/value/${field}`, message };
  const place = kind === 'upstream' && upstreamField !== null ? `/value/${upstreamField}` : '/value';
  return { pointer: place, message: `The stream route ${id} uses it. ${message}` };
}
