import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { rebuildAnalyticsProjections } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { Projections } from '@tollgate/projections';

@ApiController()
export class ProjectionsController {
  constructor(@Inject(Projections) private readonly projections: Projections) {}

  @Implements(rebuildAnalyticsProjections)
  rebuild(
    call: EndpointCall<typeof rebuildAnalyticsProjections>,
  ): Promise<EndpointResult<typeof rebuildAnalyticsProjections>> {
    return this.projections.rebuild(tenantOf(call));
  }
}
