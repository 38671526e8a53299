import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getAuditCheckpoint, listAuditEntries, verifyAuditEntries } from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { AuditCheckpoints } from './audit-checkpoints.ts';
import { AuditService } from './audit.service.ts';

@ApiController()
export class AuditController {
  constructor(
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(AuditCheckpoints) private readonly checkpoints: AuditCheckpoints,
  ) {}

  @Implements(listAuditEntries)
  list(call: EndpointCall<typeof listAuditEntries>): Promise<EndpointResult<typeof listAuditEntries>> {
    return this.audit.list(call);
  }

  @Implements(verifyAuditEntries)
  verify(call: EndpointCall<typeof verifyAuditEntries>): Promise<EndpointResult<typeof verifyAuditEntries>> {
    return this.audit.verify(call);
  }

  @Implements(getAuditCheckpoint)
  checkpoint(call: EndpointCall<typeof getAuditCheckpoint>): Promise<EndpointResult<typeof getAuditCheckpoint>> {
    return this.checkpoints.get(call);
  }
}
