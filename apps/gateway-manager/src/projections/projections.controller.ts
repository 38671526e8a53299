import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { rebuildGatewayManagerProjections } from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { Projections } from '@tollgate/projections';

@ApiController()
export class ProjectionsController {
  constructor(@Inject(Projections) private readonly projections: Projections) {}

  @Implements(rebuildGatewayManagerProjections)
  rebuild(
    call: EndpointCall<typeof rebuildGatewayManagerProjections>,
  ): Promise<EndpointResult<typeof rebuildGatewayManagerProjections>> {
    return this.projections.rebuild(tenantOf(call));
  }
}
