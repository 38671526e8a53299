import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  listCredentialSnapshots,
  listPlanVersionSnapshots,
  listProductSnapshots,
  listSubscriptionSnapshots,
} from '@tollgate/contracts/rest/portal';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { SnapshotsService } from './snapshots.service.ts';

@ApiController()
export class SnapshotsController {
  constructor(@Inject(SnapshotsService) private readonly snapshots: SnapshotsService) {}

  @Implements(listProductSnapshots)
  products(call: EndpointCall<typeof listProductSnapshots>): Promise<EndpointResult<typeof listProductSnapshots>> {
    return this.snapshots.listProducts(tenantOf(call), call.query);
  }

  @Implements(listPlanVersionSnapshots)
  planVersions(
    call: EndpointCall<typeof listPlanVersionSnapshots>,
  ): Promise<EndpointResult<typeof listPlanVersionSnapshots>> {
    return this.snapshots.listPlanVersions(tenantOf(call), call.query);
  }

  @Implements(listSubscriptionSnapshots)
  subscriptions(
    call: EndpointCall<typeof listSubscriptionSnapshots>,
  ): Promise<EndpointResult<typeof listSubscriptionSnapshots>> {
    return this.snapshots.listSubscriptions(tenantOf(call), call.query);
  }

  @Implements(listCredentialSnapshots)
  credentials(
    call: EndpointCall<typeof listCredentialSnapshots>,
  ): Promise<EndpointResult<typeof listCredentialSnapshots>> {
    return this.snapshots.listCredentials(tenantOf(call), call.query);
  }
}
