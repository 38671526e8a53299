import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { listApprovals } from '@tollgate/contracts/rest/portal';
import { Database } from '@tollgate/persistence';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { ApprovalsRepository } from './approvals.repository.ts';

@ApiController()
export class ApprovalsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ApprovalsRepository) private readonly approvals: ApprovalsRepository,
  ) {}

  @Implements(listApprovals)
  list(call: EndpointCall<typeof listApprovals>): Promise<EndpointResult<typeof listApprovals>> {
    return this.database.inTenant(tenantOf(call), (unit) => this.approvals.list(unit, call.query));
  }
}
