import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getTenant, updateTenant } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { TenantsService } from './tenants.service.ts';

@ApiController()
export class TenantsController {
  constructor(@Inject(TenantsService) private readonly tenants: TenantsService) {}

  @Implements(getTenant)
  get(call: EndpointCall<typeof getTenant>): Promise<EndpointResult<typeof getTenant>> {
    return this.tenants.get(call);
  }

  @Implements(updateTenant)
  update(call: EndpointCall<typeof updateTenant>): Promise<EndpointResult<typeof updateTenant>> {
    return this.tenants.update(call);
  }
}
