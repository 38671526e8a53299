import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import {
  getAnyTenant,
  getMail,
  listMails,
  listTenants,
  resumeTenant,
  suspendTenant,
} from '@tollgate/contracts/rest/iam';
import { ApiController, Implements } from '@tollgate/platform';
import { MailsService } from './mails.service.ts';
import { TenantOperationsService } from './tenant-operations.service.ts';

@ApiController()
export class OperatorsController {
  constructor(
    @Inject(TenantOperationsService) private readonly tenants: TenantOperationsService,
    @Inject(MailsService) private readonly mails: MailsService,
  ) {}

  @Implements(listTenants)
  listTenants(call: EndpointCall<typeof listTenants>): Promise<EndpointResult<typeof listTenants>> {
    return this.tenants.list(call);
  }

  @Implements(getAnyTenant)
  getTenant(call: EndpointCall<typeof getAnyTenant>): Promise<EndpointResult<typeof getAnyTenant>> {
    return this.tenants.get(call);
  }

  @Implements(suspendTenant)
  suspend(call: EndpointCall<typeof suspendTenant>): Promise<EndpointResult<typeof suspendTenant>> {
    return this.tenants.suspend(call);
  }

  @Implements(resumeTenant)
  resume(call: EndpointCall<typeof resumeTenant>): Promise<EndpointResult<typeof resumeTenant>> {
    return this.tenants.resume(call);
  }

  @Implements(listMails)
  listMails(call: EndpointCall<typeof listMails>): Promise<EndpointResult<typeof listMails>> {
    return this.mails.list(call);
  }

  @Implements(getMail)
  getMail(call: EndpointCall<typeof getMail>): Promise<EndpointResult<typeof getMail>> {
    return this.mails.get(call);
  }
}
