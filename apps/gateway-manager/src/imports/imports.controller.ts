import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { importOpenApi } from '@tollgate/contracts/rest/gateway';
import { ApiController, Implements } from '@tollgate/platform';
import { ImportsService } from './imports.service.ts';

@ApiController()
export class ImportsController {
  constructor(@Inject(ImportsService) private readonly imports: ImportsService) {}

  @Implements(importOpenApi)
  run(call: EndpointCall<typeof importOpenApi>): Promise<EndpointResult<typeof importOpenApi>> {
    return this.imports.run(call);
  }
}
