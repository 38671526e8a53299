import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { rebuildPortalProjections } from '@tollgate/contracts/rest/portal';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { Projections } from '@tollgate/projections';

@ApiController()
export class ProjectionsController {
  constructor(@Inject(Projections) private readonly projections: Projections) {}

  @Implements(rebuildPortalProjections)
  rebuild(
    call: EndpointCall<typeof rebuildPortalProjections>,
  ): Promise<EndpointResult<typeof rebuildPortalProjections>> {
    return this.projections.rebuild(tenantOf(call));
  }
}
