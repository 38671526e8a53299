import { Inject, Injectable } from '@nestjs/common';
import { tenantUpdated } from '@tollgate/contracts/events';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { type getTenant, type Tenant, updateTenant } from '@tollgate/contracts/rest/iam';
import { Database } from '@tollgate/persistence';
import { tenantOf } from '@tollgate/platform';
import { auditEntry } from '../shared/audit.ts';
import type { TenantEntity } from './tenant.entity.ts';
import { tenantsRepository } from './tenants.repository.ts';

/** The caller's own organisation. */
@Injectable()
export class TenantsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  get(call: EndpointCall<typeof getTenant>): Promise<Tenant> {
    const id = tenantOf(call);
    return this.database.inTenant(id, async (unit) => toTenant(await tenantsRepository.get(unit, id)));
  }

  update(call: EndpointCall<typeof updateTenant>): Promise<Tenant> {
    const id = tenantOf(call);
    const change = { id, expectedVersion: call.ifMatch ?? 0, set: call.body };
    return this.database.inTenant(id, async (unit) => {
      const version = await tenantsRepository.update(unit, change);
      const row = await tenantsRepository.get(unit, id);
      const { slug, name, billingTimeZone } = row;
      const data = { tenantId: id, slug, name, billingTimeZone };
      await unit.emit(tenantUpdated.create({ subject: id, tenantId: id, aggregateVersion: version, data }));
      await unit.audit(auditEntry(call, updateTenant, { kind: 'tenant', id }, { ...call.body, version }));
      return toTenant(row);
    });
  }
}

export function toTenant(row: TenantEntity): Tenant {
  const { id, name, slug, status, suspensionReason, billingTimeZone, version, createdAt } = row;
  return { id, name, slug, status, suspensionReason, billingTimeZone, version, createdAt: createdAt.toISOString() };
}
