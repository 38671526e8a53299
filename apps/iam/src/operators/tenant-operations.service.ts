import { Inject, Injectable } from '@nestjs/common';
import { tenantResumed, tenantSuspended } from '@tollgate/contracts/events';
import type { EndpointCall, Page } from '@tollgate/contracts/rest';
import {
  type getAnyTenant,
  iamErrors,
  type listTenants,
  resumeTenant,
  suspendTenant,
  type Tenant,
} from '@tollgate/contracts/rest/iam';
import { Database, mapPage, type UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import { auditEntry } from '../shared/audit.ts';
import type { TenantEntity } from '../tenants/tenant.entity.ts';
import { tenantsRepository } from '../tenants/tenants.repository.ts';
import { toTenant } from '../tenants/tenants.service.ts';

const purpose = 'tenant-operation';

/** What the SaaS's own staff do with tenants. */
@Injectable()
export class TenantOperationsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  async list(call: EndpointCall<typeof listTenants>): Promise<Page<Tenant>> {
    const { status, slug, ...page } = call.query;
    const rows = await this.database.inSystem(purpose, (unit) => tenantsRepository.list(unit, { status, slug }, page));
    return mapPage(rows, toTenant);
  }

  get(call: EndpointCall<typeof getAnyTenant>): Promise<Tenant> {
    return this.database.inSystem(purpose, async (unit) =>
      toTenant(await tenantsRepository.get(unit, call.params.tenantId)),
    );
  }

  suspend(call: EndpointCall<typeof suspendTenant>): Promise<Tenant> {
    const { tenantId } = call.params;
    const { reason } = call.body;
    return this.change(tenantId, async (unit, tenant) => {
      if (tenant.status === 'suspended') throw new ApiError(iamErrors.tenantSuspended);
      const changed = await setStatus(unit, tenant, { status: 'suspended', suspensionReason: reason });
      const data = { tenantId, reason };
      await unit.emit(tenantSuspended.create({ subject: tenantId, tenantId, aggregateVersion: changed.version, data }));
      await unit.audit(auditEntry(call, suspendTenant, { kind: 'tenant', id: tenantId }, { reason }));
      return changed;
    });
  }

  resume(call: EndpointCall<typeof resumeTenant>): Promise<Tenant> {
    const { tenantId } = call.params;
    return this.change(tenantId, async (unit, tenant) => {
      if (tenant.status === 'active') throw new ApiError(iamErrors.tenantActive);
      const changed = await setStatus(unit, tenant, { status: 'active', suspensionReason: null });
      const data = { tenantId };
      await unit.emit(tenantResumed.create({ subject: tenantId, tenantId, aggregateVersion: changed.version, data }));
      await unit.audit(auditEntry(call, resumeTenant, { kind: 'tenant', id: tenantId }));
      return changed;
    });
  }

  private change(
    tenantId: string,
    work: (unit: UnitOfWork, tenant: TenantEntity) => Promise<TenantEntity>,
  ): Promise<Tenant> {
    return this.database.inSystem(
      purpose,
      async (unit) => toTenant(await work(unit, await tenantsRepository.getForChange(unit, tenantId))),
      { tenantId },
    );
  }
}

async function setStatus(
  unit: UnitOfWork,
  tenant: TenantEntity,
  status: Pick<TenantEntity, 'status' | 'suspensionReason'>,
): Promise<TenantEntity> {
  const change = { id: tenant.id, expectedVersion: tenant.version, set: status };
  return { ...tenant, ...status, version: await tenantsRepository.update(unit, change) };
}
