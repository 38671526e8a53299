import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { snapshotEnvironments, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { SnapshotsService } from './snapshots.service.ts';

@ApiController()
export class SnapshotsController {
  constructor(@Inject(SnapshotsService) private readonly snapshots: SnapshotsService) {}

  @Implements(snapshotTenants)
  tenants(call: EndpointCall<typeof snapshotTenants>): Promise<EndpointResult<typeof snapshotTenants>> {
    return this.snapshots.tenants(call);
  }

  @Implements(snapshotEnvironments)
  environments(call: EndpointCall<typeof snapshotEnvironments>): Promise<EndpointResult<typeof snapshotEnvironments>> {
    return this.snapshots.environments(call);
  }
}
