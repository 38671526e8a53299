import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { rebuildIamProjections } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { Projections } from '@tollgate/projections';

@ApiController()
export class ProjectionsController {
  constructor(@Inject(Projections) private readonly projections: Projections) {}

  @Implements(rebuildIamProjections)
  rebuild(call: EndpointCall<typeof rebuildIamProjections>): Promise<EndpointResult<typeof rebuildIamProjections>> {
    return this.projections.rebuild(tenantOf(call));
  }
}
