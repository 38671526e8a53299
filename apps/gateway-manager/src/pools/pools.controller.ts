import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createSharedPool, getPool, listPools, listSharedPools } from '@tollgate/contracts/rest/gateway';
import { ApiController, auditOf, Implements, tenantOf } from '@tollgate/platform';
import { PoolsService } from './pools.service.ts';

@ApiController()
export class PoolsController {
  constructor(@Inject(PoolsService) private readonly pools: PoolsService) {}

  @Implements(listPools)
  list(call: EndpointCall<typeof listPools>): Promise<EndpointResult<typeof listPools>> {
    return this.pools.list(tenantOf(call), call.query);
  }

  @Implements(getPool)
  get(call: EndpointCall<typeof getPool>): Promise<EndpointResult<typeof getPool>> {
    return this.pools.get(tenantOf(call), call.params.poolId);
  }

  @Implements(listSharedPools)
  listShared(call: EndpointCall<typeof listSharedPools>): Promise<EndpointResult<typeof listSharedPools>> {
    return this.pools.listShared(call.query);
  }

  @Implements(createSharedPool)
  createShared(call: EndpointCall<typeof createSharedPool>): Promise<EndpointResult<typeof createSharedPool>> {
    return this.pools.createShared(call.body.name, (pool) =>
      auditOf(call, { action: 'shared-pool.create', object: { kind: 'pool', id: pool.id } }),
    );
  }
}
