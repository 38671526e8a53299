import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getCallReport } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements } from '@tollgate/platform';
import { ReportsService } from './reports.service.ts';

@ApiController()
export class ReportsController {
  constructor(@Inject(ReportsService) private readonly reports: ReportsService) {}

  @Implements(getCallReport)
  calls(call: EndpointCall<typeof getCallReport>): Promise<EndpointResult<typeof getCallReport>> {
    return this.reports.calls(call);
  }
}
