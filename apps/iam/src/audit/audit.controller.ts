import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { listAuditEntries, verifyAuditEntries } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { AuditService } from './audit.service.ts';

@ApiController()
export class AuditController {
  constructor(@Inject(AuditService) private readonly audit: AuditService) {}

  @Implements(listAuditEntries)
  list(call: EndpointCall<typeof listAuditEntries>): Promise<EndpointResult<typeof listAuditEntries>> {
    return this.audit.list(call);
  }

  @Implements(verifyAuditEntries)
  verify(call: EndpointCall<typeof verifyAuditEntries>): Promise<EndpointResult<typeof verifyAuditEntries>> {
    return this.audit.verify(call);
  }
}
