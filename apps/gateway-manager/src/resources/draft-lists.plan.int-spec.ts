import { newId } from '@tollgate/contracts';
import type { Database, UnitOfWork } from '@tollgate/persistence';
import { createTestDatabase, type TestDatabase } from '@tollgate/persistence/testing';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { gatewayManagerSchema } from '../gateway-manager.schema.ts';
import { DraftChangesRepository } from '../publishing/draft-changes.repository.ts';
import { type DraftFilter, DraftListsRepository } from './draft-lists.repository.ts';

/** What PostgreSQL did, as far as it matters here. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

const routes = 10_000;
const tenants = Array.from({ length: 3 }, () => ({ tenantId: newId('tnt'), groupId: newId('grp') }));
const [own = { tenantId: '', groupId: '' }] = tenants;
const template = newId('ptp');
const lists = new DraftListsRepository();
const changes = new DraftChangesRepository();
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [gatewayManagerSchema]);
  database = await test.connect(gatewayManagerSchema);
  // What lists do not read is left out; the administrator may.
  await test.query('set session_replication_role = replica');
  for (const { tenantId, groupId } of tenants) {
    await test.query(
      `insert into gateway.draft_resources (tenant_id, group_id, kind, id, value, template_id, template_version, content_hash, published_hash)
       select $1, $2, 'route', 'route-' || n, jsonb_build_object('name', 'Route ' || n, 'uri', '/v1/things/' || n || '/*',
           'methods', jsonb_build_array(case when n % 2 = 0 then 'GET' else 'POST' end), 'service_id', 's' || n % 1000,
           'upstream', jsonb_build_object('nodes', jsonb_build_object('10.0.0.' || n % 200 || ':80', 1))),
         case when n % 1000 = 0 then $3 end, case when n % 1000 = 0 then 0 end, 'h' || n, case when n % 500 > 0 then 'h' || n end
       from generate_series(1, $4::int) n`,
      [tenantId, groupId, template, routes],
    );
    await test.query(
      `insert into gateway.draft_references (tenant_id, group_id, kind, id, to_kind, to_id)
       select tenant_id, group_id, kind, id, 'service', value->>'service_id' from gateway.draft_resources where tenant_id = $1`,
      [tenantId],
    );
  }
  await test.query('analyze gateway.draft_resources, gateway.draft_references');
}, 60_000);
afterAll(() => test.drop());

/** Runs a list and explains each statement that it sent. */
function explain(read: (unit: UnitOfWork) => Promise<unknown>): Promise<PlanNode[][]> {
  return database.inTenant(own.tenantId, async (unit) => {
    const runner = unit.manager.queryRunner;
    if (!runner) throw new Error('the unit has no connection');
    const sent = vi.spyOn(runner, 'query');
    await read(unit);
    const statements = [...sent.mock.calls];
    sent.mockRestore();
    return Promise.all(
      statements.map(async ([sql, values]) => {
        const [row] = await unit.manager.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }[]>(
          `explain (analyze, format json) ${sql}`,
          values as unknown[],
        );
        return nodesOf(row?.['QUERY PLAN'][0].Plan);
      }),
    );
  });
}

function nodesOf(node: PlanNode | undefined): PlanNode[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** Rows of tables and indexes that were touched. */
function touched(nodes: readonly PlanNode[]): number {
  const scans = nodes.filter((node) => node['Node Type'].includes('Scan'));
  return scans.reduce(
    (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
    0,
  );
}

const page = { limit: 50 };
const ofRoutes = (filter: Partial<DraftFilter>, how: object = {}) => {
  const all = { groupId: own.groupId, kind: 'route' as const, ...filter };
  return (unit: UnitOfWork) => lists.list(unit, all, { ...page, ...how });
};
const part = { groupId: own.groupId, workspaceId: null };

describe('a list of 10,000 routes among those of other tenants', () => {
  it.each<[string, (unit: UnitOfWork) => Promise<unknown>, number]>([
    ['plain', ofRoutes({}), 60],
    ['sorted by name', ofRoutes({}, { sort: 'name' }), 60],
    ['newest first', ofRoutes({}, { sort: '-updatedAt' }), 60],
    ['of a service', ofRoutes({ serviceId: 's7' }), 60],
    ['of a service, newest first', ofRoutes({ serviceId: 's7' }, { sort: '-updatedAt' }), 60],
    ['with a template', ofRoutes({ policyTemplateId: template }), 60],
    ['by ids', ofRoutes({ ids: ['route-1', 'route-9999'] }), 60],
    ['by a method', ofRoutes({ method: 'GET' }), 150],
    ['of what is not published', ofRoutes({ isPublished: false }), routes + 60],
    ['searched in vain', ofRoutes({ search: 'nothing like it' }), routes + 60],
    ['counted', ofRoutes({ search: 'route-99' }, { withTotal: true }), 4 * routes],
    ['of changes, counted', (unit) => changes.list(unit, part, { limit: 1, withTotal: true }), 100],
  ])('%s reads its own rows by an index, and few of them where an index can tell', async (_, read, most) => {
    const plans = await explain(read);
    expect(plans.length).toBeGreaterThan(0);
    const nodes = plans.flat();
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
    for (const node of nodes.filter((scan) => scan['Index Cond'] !== undefined)) {
      expect(node['Index Cond']).toContain('tenant_id');
    }
    expect(touched(nodes)).toBeLessThanOrEqual(most);
  });
});
