import { Inject } from '@nestjs/common';
import type { EndpointCall, EndpointResult } from '@tollgate/contracts/rest';
import { getPortalMail, listPortalMails } from '@tollgate/contracts/rest/portal';
import { Database } from '@tollgate/persistence';
import { ApiController, Implements } from '@tollgate/platform';
import { PortalMailsRepository } from './portal-mails.repository.ts';

const purpose = 'read-mails';

/** Mails to developers, for operators: without a mail server this is where they end. */
@ApiController()
export class PortalMailsController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PortalMailsRepository) private readonly mails: PortalMailsRepository,
  ) {}

  @Implements(listPortalMails)
  list(call: EndpointCall<typeof listPortalMails>): Promise<EndpointResult<typeof listPortalMails>> {
    return this.database.inSystem(purpose, (unit) => this.mails.list(unit, call.query, call.query));
  }

  @Implements(getPortalMail)
  get(call: EndpointCall<typeof getPortalMail>): Promise<EndpointResult<typeof getPortalMail>> {
    return this.database.inSystem(purpose, (unit) => this.mails.get(unit, call.params.mailId));
  }
}
