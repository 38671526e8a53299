import { tenantCreated } from '@tollgate/contracts/events';
import type { UnitOfWork } from '@tollgate/persistence';
import { tenantsRepository } from './tenants.repository.ts';

const defaultBillingTimeZone = 'UTC';

/** Makes a tenant and tells the other services. */
export async function addTenant(unit: UnitOfWork, tenant: { id: string; name: string; slug: string }): Promise<void> {
  const billingTimeZone = defaultBillingTimeZone;
  const { id: tenantId, name, slug } = tenant;
  await tenantsRepository.insert(unit, { ...tenant, billingTimeZone });
  const data = { tenantId, slug, name, billingTimeZone };
  await unit.emit(tenantCreated.create({ subject: tenantId, tenantId, aggregateVersion: 1, data }));
}
