import { ServiceClient, ServiceTokens } from '@tollgate/auth';
import { newId } from '@tollgate/contracts';
import { environmentDeleted, tenantSuspended } from '@tollgate/contracts/events';
import { rebuildGatewayManagerProjections } from '@tollgate/contracts/rest/gateway';
import { testMasterKey } from '@tollgate/persistence/testing';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  type RunningGatewayManager,
  type SampleTenant,
  startGatewayManager,
} from '../testing/start-gateway-manager.ts';

let manager: RunningGatewayManager;
let client: ServiceClient;
let tenant: SampleTenant;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'));
  client = new ServiceClient(new ServiceTokens(testMasterKey, 'rebuild-command'), {
    'gateway-manager': manager.service.url,
  });
  const empty = { items: [], nextCursor: null };
  for (const part of ['plans', 'products', 'subscriptions', 'credentials'])
    manager.developerPortal.answers.set(`/internal/v1/portal/${part}`, empty);
});
afterAll(() => manager.close());
beforeEach(async () => {
  tenant = await manager.addTenant();
});

/** What iam answers from now on. */
function own(environmentIds: readonly string[], { status, version }: { status: string; version: number }): void {
  const { tenantId, slug, projectId } = tenant;
  const described = { tenantId, slug, name: 'Acme', status, billingTimeZone: 'UTC', version };
  const environments = environmentIds.map((environmentId) => ({
    environmentId,
    tenantId,
    projectId,
    name: 'prd',
    projectName: 'Shop',
    version: 1,
  }));
  manager.iam.answers.set('/internal/v1/tenants', { items: [described], nextCursor: null });
  manager.iam.answers.set('/internal/v1/environments', { items: environments, nextCursor: null });
}

async function rebuild(): Promise<Record<string, { checked: number; drift: number }>> {
  const { projections } = await client.call(rebuildGatewayManagerProjections, { tenantId: tenant.tenantId });
  return Object.fromEntries(projections.map(({ projection, checked, drift }) => [projection, { checked, drift }]));
}

const damage = (sql: string) => manager.database.query(sql, [tenant.tenantId]);
const suspensions = () =>
  damage(`select id from gateway.access_resources where tenant_id = $1 and kind = 'suspension'
  and value is not null`);

describe('rebuilding what is known of tenants and environments', () => {
  it('reports what was damaged, puts it right, and then finds nothing more to do', async () => {
    const lost = newId('env');
    own([tenant.environmentId, lost], { status: 'active', version: 1 });
    expect(await rebuild()).toMatchObject({
      tenants: { checked: 1, drift: 0 },
      environments: { checked: 2, drift: 1 },
    });
    await damage(`update gateway.tenants set slug = 'wrong' where tenant_id = $1`);
    await damage('update gateway.environments set is_deleted = true where tenant_id = $1');
    await manager.database.query('insert into gateway.environments (id, tenant_id, project_id) values ($2, $1, $3)', [
      tenant.tenantId,
      newId('env'),
      tenant.projectId,
    ]);

    expect(await rebuild()).toMatchObject({
      tenants: { checked: 1, drift: 1 },
      environments: { checked: 3, drift: 3 },
    });
    expect(await damage('select slug from gateway.tenants where tenant_id = $1')).toEqual([{ slug: tenant.slug }]);
    const left = await damage(
      'select id from gateway.environments where tenant_id = $1 and not is_deleted order by id',
    );
    expect(left).toEqual([tenant.environmentId, lost].sort().map((id) => ({ id })));
    expect(await rebuild()).toMatchObject({
      tenants: { checked: 1, drift: 0 },
      environments: { checked: 2, drift: 0 },
    });
  });

  it('stops a suspended tenant’s traffic, but never lets a snapshot undo what a later event told', async () => {
    await manager.addGroup(tenant);
    own([tenant.environmentId], { status: 'suspended', version: 2 });
    expect(await rebuild()).toMatchObject({ tenants: { checked: 1, drift: 1 } });
    expect(await suspensions()).toEqual([{ id: 'tenant' }]);
    expect(await rebuild()).toMatchObject({ tenants: { checked: 1, drift: 0 } });

    const { tenantId } = tenant;
    await manager.publish(
      tenantSuspended.create({
        tenantId,
        subject: tenantId,
        aggregateVersion: 4,
        data: { tenantId, reason: 'unpaid' },
      }),
      environmentDeleted.create({
        tenantId,
        subject: tenant.environmentId,
        aggregateVersion: 2,
        data: { environmentId: tenant.environmentId, projectId: tenant.projectId },
      }),
    );
    await eventually(
      async () =>
        expect(await damage('select version from gateway.tenants where tenant_id = $1')).toEqual([{ version: 4 }]),
      { withinMs: 5000 },
    );
    own([], { status: 'active', version: 3 });
    expect(await rebuild()).toMatchObject({ tenants: { checked: 1, drift: 0 } });
    expect(await suspensions()).toEqual([{ id: 'tenant' }]);
  });
});
