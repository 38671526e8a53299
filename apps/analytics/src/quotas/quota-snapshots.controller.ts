import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { listQuotaSnapshots } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { QuotaSnapshotsService } from './quota-snapshots.service.ts';

@ApiController()
export class QuotaSnapshotsController {
  constructor(@Inject(QuotaSnapshotsService) private readonly quotas: QuotaSnapshotsService) {}

  @Implements(listQuotaSnapshots)
  list(call: EndpointCall<typeof listQuotaSnapshots>): Promise<EndpointResult<typeof listQuotaSnapshots>> {
    return this.quotas.list(tenantOf(call), call.query);
  }
}
