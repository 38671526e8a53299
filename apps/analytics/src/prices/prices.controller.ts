import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { createPrice, getPrice, listPrices } from '@tollgate/contracts/rest/analytics';
import { ApiController, Implements } from '@tollgate/platform';
import { PricesService } from './prices.service.ts';

@ApiController()
export class PricesController {
  constructor(@Inject(PricesService) private readonly prices: PricesService) {}

  @Implements(listPrices)
  list(call: EndpointCall<typeof listPrices>): Promise<EndpointResult<typeof listPrices>> {
    return this.prices.list(call);
  }

  @Implements(createPrice)
  create(call: EndpointCall<typeof createPrice>): Promise<EndpointResult<typeof createPrice>> {
    return this.prices.create(call);
  }

  @Implements(getPrice)
  get(call: EndpointCall<typeof getPrice>): Promise<EndpointResult<typeof getPrice>> {
    return this.prices.get(call);
  }
}
