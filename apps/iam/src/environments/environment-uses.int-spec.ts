import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@tollgate/contracts';
import { rebuildIamProjections, snapshotTenants } from '@tollgate/contracts/rest/iam';
import { ReconcileJob } from '@tollgate/projections';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Caller } from '../testing/edge.ts';
import { startIam, type TestIam } from '../testing/start-iam.ts';

/** The groups that gateway-manager names; null: it does not answer. */
let groups: { groupId: string; environmentId: string; name: string }[] | null;
let owner: Server;
let iam: TestIam;
let tenant: Caller;

beforeAll(async () => {
  owner = createServer((_request, response) => {
    if (groups === null) return void response.writeHead(503).end();
    const items = groups.map((group) => ({ ...group, hosts: [], revision: 1 }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items, nextCursor: null }));
  });
  await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve));
  const { port } = owner.address() as AddressInfo;
  iam = await startIam(inject('databaseUrl'), { GATEWAY_MANAGER_URL: `http://127.0.0.1:${port}` });
  tenant = await iam.anybody.signUp();
});
afterAll(async () => {
  await iam.close();
  owner.closeAllConnections();
  await new Promise((resolve) => owner.close(resolve));
});

const run = (sql: string) => iam.database.query(sql, [tenant.tenantId]);
const uses = () =>
  run('select group_id, environment_id, name from iam.environment_uses where tenant_id = $1 order by group_id');
const rowsOf = (known: NonNullable<typeof groups>) =>
  known.map(({ groupId, environmentId, name }) => ({ group_id: groupId, environment_id: environmentId, name }));
const rebuild = async () =>
  (await iam.edge.client.call(rebuildIamProjections, { tenantId: tenant.tenantId })).projections;

it('rebuilding the uses of environments reports what was damaged, puts it right, and then finds nothing more to do', async () => {
  const environmentId = newId('env');
  const named = ['one', 'two'].map((name) => ({ groupId: newId('grp'), environmentId, name }));
  groups = named;
  expect(await rebuild()).toEqual([{ projection: 'environment-uses', checked: 2, drift: 2 }]);
  expect(await uses()).toEqual(rowsOf(named));
  expect(await rebuild()).toEqual([{ projection: 'environment-uses', checked: 2, drift: 0 }]);

  await run(`update iam.environment_uses set name = 'wrong' where tenant_id = $1 and name = 'one'`);
  await run(`delete from iam.environment_uses where tenant_id = $1 and name = 'two'`);
  await run(
    `insert into iam.environment_uses (tenant_id, group_id, environment_id, name) values ($1, 'grp_x', 'e', 'x')`,
  );
  expect(await rebuild()).toEqual([{ projection: 'environment-uses', checked: 3, drift: 3 }]);
  expect(await uses()).toEqual(rowsOf(named));
  expect(await rebuild()).toEqual([{ projection: 'environment-uses', checked: 2, drift: 0 }]);
});

it('the job rebuilds every tenant, and one that fails now is rebuilt the next time', async () => {
  const job = iam.service.app.get(ReconcileJob, { strict: false });
  await run('delete from iam.environment_uses where tenant_id = $1');
  const known = [{ groupId: newId('grp'), environmentId: newId('env'), name: 'one' }];
  groups = null;
  await job.runOnce();
  expect(await uses()).toEqual([]);
  groups = known;
  await job.runOnce();
  expect(await uses()).toEqual(rowsOf(known));
  const metrics = await (await fetch(new URL('/metrics', iam.service.url))).text();
  expect(metrics).toMatch(/^tollgate_projection_drift_total\{.*projection="environment-uses".*\} [1-9]/m);
});

it('a snapshot is of the tenant that its reader names', async () => {
  await iam.anybody.signUp();
  const { items } = await iam.edge.client.call(snapshotTenants, { tenantId: tenant.tenantId });
  expect(items).toMatchObject([{ tenantId: tenant.tenantId }]);
});
