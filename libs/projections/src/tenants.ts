import { Inject, Injectable } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { snapshotTenants } from '@tollgate/contracts/rest/iam';
import { everyPage } from './every-page.ts';

/** Names all tenants. */
export interface Tenants {
  ids(): AsyncGenerator<string>;
}

/** Injection token of the {@link Tenants} of a service. */
export const TENANTS = Symbol('tollgate.tenants');

/** Asks `iam`, as all others do. */
@Injectable()
export class IamTenants implements Tenants {
  constructor(@Inject(ServiceClient) private readonly client: ServiceClient) {}

  async *ids(): AsyncGenerator<string> {
    for await (const { tenantId } of everyPage((query) => this.client.call(snapshotTenants, { query }))) yield tenantId;
  }
}
