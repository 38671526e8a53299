import { Inject, Injectable } from '@nestjs/common';
import { commonErrors } from '@tollgate/contracts/errors';
import { tenantUpdated } from '@tollgate/contracts/events';
import type { EndpointCall } from '@tollgate/contracts/rest';
import { type getTenant, type Tenant, updateTenant } from '@tollgate/contracts/rest/iam';
import { Database, type UnitOfWork, updateVersioned } from '@tollgate/persistence';
import { ApiError, tenantOf } from '@tollgate/platform';
import { auditEntry } from '../shared/audit.ts';
import { TenantEntity } from './tenant.entity.ts';

/** The caller's own organisation. */
@Injectable()
export class TenantsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  get(call: EndpointCall<typeof getTenant>): Promise<Tenant> {
    const id = tenantOf(call);
    return this.database.inTenant(id, async (unit) => toTenant(await getTenantRow(unit, id)));
  }

  update(call: EndpointCall<typeof updateTenant>): Promise<Tenant> {
    const id = tenantOf(call);
    const set = { ...call.body, updatedAt: new Date() };
    return this.database.inTenant(id, async (unit) => {
      const version = await updateVersioned(unit, TenantEntity, { id, expectedVersion: call.ifMatch ?? 0, set });
      const row = await getTenantRow(unit, id);
      const { slug, name, billingTimeZone } = row;
      const data = { tenantId: id, slug, name, billingTimeZone };
      await unit.emit(tenantUpdated.create({ subject: id, tenantId: id, aggregateVersion: version, data }));
      await unit.audit(auditEntry(call, updateTenant, { kind: 'tenant', id }, { ...call.body, version }));
      return toTenant(row);
    });
  }
}

/** @throws ApiError `resource.not_found` */
export async function getTenantRow(unit: UnitOfWork, id: string): Promise<TenantEntity> {
  const row = await unit.manager.findOneBy(TenantEntity, { id });
  if (!row) throw new ApiError(commonErrors.notFound);
  return row;
}

export function toTenant(row: TenantEntity): Tenant {
  const { id, name, slug, status, suspensionReason, billingTimeZone, version, createdAt } = row;
  return { id, name, slug, status, suspensionReason, billingTimeZone, version, createdAt: createdAt.toISOString() };
}
