import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import type { ResourceKind } from '@tollgate/contracts/gateway';
import { gatewayErrors, isStreamScheme } from '@tollgate/contracts/rest/gateway';
import type { UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { DraftKey } from '../resources/draft-resources.repository.ts';
import { type MisledRoute, MisledRoutesRepository, type Targets } from './misled-routes.repository.ts';

/** What a publish puts in force, as far as it tells where calls go. */
interface Written {
  kind: ResourceKind;
  id: string;
  content?: Record<string, unknown>;
}

/** Keeps the calls of routes away from upstreams that only streams can use, whether routes name them or their services do. */
@Injectable()
export class CallChecks {
  constructor(@Inject(MisledRoutesRepository) private readonly misled: MisledRoutesRepository) {}

  /**
   * Looks at what a resource of the draft has just become.
   * @throws ApiError `request.invalid` when calls would go where only streams can.
   */
  async refuseInDraft(unit: UnitOfWork, key: DraftKey, value: Record<string, unknown>): Promise<void> {
    const targets = targetsOf([{ ...key, content: value }]);
    const routes = await this.misled.find(unit, key.groupId, targets, key.kind === 'route' ? key.id : undefined);
    const errors = routes.flatMap((route) => placeInDraft(route, key) ?? []);
    if (errors.length > 0) throw new ApiError(commonErrors.invalid, { errors });
  }

  /**
   * Looks at the parts of the draft that a publish has just put in force.
   * @throws ApiError `gateway.configuration_invalid`
   */
  async refuseInForce(unit: UnitOfWork, groupId: string, changes: readonly Written[]): Promise<void> {
    const routes = await this.misled.find(unit, groupId, targetsOf(changes));
    if (routes.length === 0) return;
    const errors = routes.map((route) => {
      const { field, message } = faultOf(route);
      return { pointer: `/route/${route.id}/${field}`, message };
    });
    throw new ApiError(gatewayErrors.configurationInvalid, { errors });
  }
}

/** What must be looked at for these to lead calls to where they may go. */
function targetsOf(resources: readonly Written[]): Targets {
  const upstreamIds = new Set<string>();
  const serviceIds = new Set<string>();
  const add = (ids: Set<string>, id: unknown): void => {
    if (typeof id === 'string') ids.add(id);
  };
  for (const { kind, id, content = {} } of resources) {
    if (kind === 'upstream' && isStreamScheme(content['scheme'])) upstreamIds.add(id);
    if (kind === 'route' || kind === 'service') add(upstreamIds, content['upstream_id']);
    if (kind === 'route') add(serviceIds, content['service_id']);
  }
  return { upstreamIds: [...upstreamIds], serviceIds: [...serviceIds] };
}

function faultOf({ serviceId }: MisledRoute): { field: string; message: string } {
  return serviceId === null
    ? { field: 'upstream_id', message: 'This upstream is for stream routes, by its scheme.' }
    : { field: 'service_id', message: 'The upstream of this service is for stream routes, by its scheme.' };
}

/** Where the fault is in what was written: the route, or something that leads it there; null when that is not at fault. */
function placeInDraft(route: MisledRoute, { kind, id }: DraftKey): { pointer: string; message: string } | null {
  if (kind === 'route') {
    const { field, message } = faultOf(route);
    return { pointer: `/value/${field}`, message };
  }
  const usedForCalls = { message: `The route ${route.id} uses it for calls.` };
  if (kind === 'upstream') return { pointer: '/value/scheme', ...usedForCalls };
  return route.serviceId === id ? { pointer: '/value/upstream_id', ...usedForCalls } : null;
}
