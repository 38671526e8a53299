import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { exportCallReport, getCallReport, readUsage } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { reportCsv } from './report-csv.ts';
import { ReportsService } from './reports.service.ts';
import { toUsage, usageQuery } from './usage.ts';

@ApiController()
export class ReportsController {
  constructor(@Inject(ReportsService) private readonly reports: ReportsService) {}

  @Implements(getCallReport)
  calls(call: EndpointCall<typeof getCallReport>): Promise<EndpointResult<typeof getCallReport>> {
    return this.reports.report(tenantOf(call), call.query);
  }

  @Implements(exportCallReport)
  async callsFile(call: EndpointCall<typeof exportCallReport>): Promise<EndpointResult<typeof exportCallReport>> {
    const { rows } = await this.reports.report(tenantOf(call), call.query);
    const content = reportCsv(rows, call.query.groupBy);
    return { contentType: 'text/csv; charset=utf-8', content, downloadAs: 'calls.csv' };
  }

  @Implements(readUsage)
  async usage(call: EndpointCall<typeof readUsage>): Promise<EndpointResult<typeof readUsage>> {
    return toUsage(await this.reports.report(tenantOf(call), usageQuery(call.query)), call.query.interval);
  }
}
