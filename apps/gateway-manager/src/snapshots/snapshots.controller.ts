import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { listGroupSnapshots, listPublishedRoutes } from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements } from '@tollgate/platform';
import { SnapshotsService } from './snapshots.service.ts';

@ApiController()
export class SnapshotsController {
  constructor(@Inject(SnapshotsService) private readonly snapshots: SnapshotsService) {}

  @Implements(listGroupSnapshots)
  listGroups(call: EndpointCall<typeof listGroupSnapshots>): Promise<EndpointResult<typeof listGroupSnapshots>> {
    return this.snapshots.listGroups(call);
  }

  @Implements(listPublishedRoutes)
  listRoutes(call: EndpointCall<typeof listPublishedRoutes>): Promise<EndpointResult<typeof listPublishedRoutes>> {
    return this.snapshots.listRoutes(call);
  }
}
