import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { listPriceSnapshots } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements, tenantOf } from '@tollgate/platform';
import { PricesService } from './prices.service.ts';

@ApiController()
export class PriceSnapshotsController {
  constructor(@Inject(PricesService) private readonly prices: PricesService) {}

  @Implements(listPriceSnapshots)
  list(call: EndpointCall<typeof listPriceSnapshots>): Promise<EndpointResult<typeof listPriceSnapshots>> {
    return this.prices.listSnapshots(tenantOf(call), call.query);
  }
}
