import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  drainDataPlane,
  getDataPlane,
  listDataPlanes,
  listSharedDataPlanes,
  resumeDataPlane,
  revokeDataPlane,
  revokeSharedDataPlane,
} from '@tollgate/contracts/rest/gateway';
import { ApiController, auditOf, Implements, tenantOf } from '@tollgate/platform';
import { DataPlanesService, type InstanceChange } from './data-planes.service.ts';

type InstanceCall = EndpointCall<typeof revokeDataPlane>;

@ApiController()
export class DataPlanesController {
  constructor(@Inject(DataPlanesService) private readonly dataPlanes: DataPlanesService) {}

  @Implements(listDataPlanes)
  list(call: EndpointCall<typeof listDataPlanes>): Promise<EndpointResult<typeof listDataPlanes>> {
    const { limit, cursor, ...filter } = call.query;
    return this.dataPlanes.list(tenantOf(call), filter, { limit, cursor });
  }

  @Implements(getDataPlane)
  get(call: EndpointCall<typeof getDataPlane>): Promise<EndpointResult<typeof getDataPlane>> {
    return this.dataPlanes.get(tenantOf(call), call.params.dataPlaneId);
  }

  @Implements(revokeDataPlane)
  revoke(call: InstanceCall): Promise<EndpointResult<typeof revokeDataPlane>> {
    return this.dataPlanes.revoke(ownChange(call, 'data-plane.revoke'));
  }

  @Implements(drainDataPlane)
  drain(call: InstanceCall): Promise<EndpointResult<typeof drainDataPlane>> {
    return this.dataPlanes.setDraining(ownChange(call, 'data-plane.drain'), true);
  }

  @Implements(resumeDataPlane)
  resume(call: InstanceCall): Promise<EndpointResult<typeof resumeDataPlane>> {
    return this.dataPlanes.setDraining(ownChange(call, 'data-plane.resume'), false);
  }

  @Implements(listSharedDataPlanes)
  listShared(call: EndpointCall<typeof listSharedDataPlanes>): Promise<EndpointResult<typeof listSharedDataPlanes>> {
    return this.dataPlanes.listShared(call.params.poolId, call.query);
  }

  @Implements(revokeSharedDataPlane)
  revokeShared(
    call: EndpointCall<typeof revokeSharedDataPlane>,
  ): Promise<EndpointResult<typeof revokeSharedDataPlane>> {
    const { poolId, dataPlaneId } = call.params;
    const object = { kind: 'data-plane', id: dataPlaneId };
    const audit = auditOf(call, { action: 'shared-data-plane.revoke', object, details: { poolId } });
    return this.dataPlanes.revoke({ owner: { sharedPoolId: poolId }, id: dataPlaneId, audit });
  }
}

function ownChange(call: InstanceCall, action: string): InstanceChange {
  const id = call.params.dataPlaneId;
  return {
    owner: { tenantId: tenantOf(call) },
    id,
    audit: auditOf(call, { action, object: { kind: 'data-plane', id } }),
  };
}
