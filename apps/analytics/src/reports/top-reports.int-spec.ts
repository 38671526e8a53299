import { newId } from '@tollgate/contracts';
import type { Problem } from '@tollgate/contracts/errors';
import type { CallReport, CallReportRow, Usage } from '@tollgate/contracts/rest/analytics';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { portalEvents, sampleTenant, type SampleTenant } from '../testing/portal-samples.ts';
import { startAnalytics, type RunningAnalytics } from '../testing/start-analytics.ts';
import { usageRow } from '../testing/usage-samples.ts';

const hour = 3_600;
const day = 24 * hour;
/** Start of the UTC day before yesterday, seconds since the epoch. */
const midnight = Math.floor(Date.now() / 1000 / day) * day - 2 * day;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();
const wholeDay = { from: iso(midnight), to: iso(midnight + day) };

let analytics: RunningAnalytics;
let tenant: SampleTenant;

beforeAll(async () => {
  analytics = await startAnalytics({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 3),
  });
  tenant = sampleTenant();
  const { tenantId, groupId, subscriptionId } = tenant;
  await analytics.publish(...portalEvents(tenant));
  const row = { tenantId, groupId, minute: midnight + hour };
  await analytics.count([
    usageRow({ ...row, routeId: 'busy', calls: 90, latency: [[40, 90]] }),
    usageRow({ ...row, routeId: 'busy', calls: 3, status: 404, latency: [[40, 3]] }),
    usageRow({ ...row, routeId: 'broken', calls: 2, status: 404, latency: [[44, 2]] }),
    usageRow({ ...row, routeId: 'broken', calls: 5, status: 502, latency: [[44, 5]] }),
    usageRow({ ...row, routeId: 'slow', calls: 1, latency: [[80, 1]], consumer: subscriptionId }),
    usageRow({ ...row, routeId: '=odd', calls: 1, latency: [], consumer: newId('sub'), minute: midnight + 3 * hour }),
  ]);
});
afterAll(() => analytics.close());

const pathOf = (path: string, query: Record<string, string>) =>
  `${path}?${new URLSearchParams({ ...wholeDay, ...query }).toString()}`;
const ask = (query: Record<string, string>, path = '/api/v1/reports/calls', tenantId = tenant.tenantId) =>
  analytics.request(pathOf(path, query), { tenantId });
async function report(query: Record<string, string>): Promise<CallReport> {
  const response = await ask(query);
  expect(response.status).toBe(200);
  return (await response.json()) as CallReport;
}
const routesOf = ({ rows }: CallReport) => rows.map(({ routeId }) => routeId);
const callsOf = (row: CallReportRow | undefined) => row?.calls;

describe('a report of calls', () => {
  it('counts errors beside calls', async () => {
    const { rows, total } = await report({ groupBy: 'route' });
    expect(total).toMatchObject({ calls: 102, errors4xx: 5, errors5xx: 5 });
    expect(rows.map(({ routeId, errors4xx, errors5xx }) => [routeId, errors4xx, errors5xx])).toEqual([
      ['=odd', 0, 0],
      ['broken', 2, 5],
      ['busy', 3, 0],
      ['slow', 0, 0],
    ]);
  });

  it('shows the first so many by calls, errors or latency, and counts all in its total', async () => {
    expect(routesOf(await report({ groupBy: 'route', limit: '2' }))).toEqual(['busy', 'broken']);
    expect(routesOf(await report({ groupBy: 'route', limit: '1', orderBy: 'errors' }))).toEqual(['broken']);
    const slowest = await report({ groupBy: 'route', limit: '2', orderBy: 'p95' });
    expect(routesOf(slowest)).toEqual(['slow', 'broken']);
    expect(slowest.total.calls).toBe(102);
    expect(routesOf(await report({ groupBy: 'route', orderBy: 'p95' })).at(-1)).toBe('=odd');
    expect((await report({ orderBy: 'p95', limit: '1' })).rows.map(callsOf)).toEqual([102]);
  });

  it('groups and filters by class of status', async () => {
    const { rows } = await report({ groupBy: 'statusClass' });
    expect(rows.map(({ statusClass, calls }) => [statusClass, calls])).toEqual([
      ['2xx', 92],
      ['4xx', 5],
      ['5xx', 5],
    ]);
    expect((await report({ statusClass: '5xx' })).total.calls).toBe(5);
  });

  it('filters by application and product once the portal has told of them', async () => {
    const { applicationId, productId } = tenant;
    await eventually(async () => expect((await report({ applicationId })).total.calls).toBe(1), { withinMs: 20_000 });
    expect(routesOf(await report({ productId, groupBy: 'route' }))).toEqual(['slow']);
    expect((await report({ productId: newId('prd') })).total.calls).toBe(0);
  });

  it('is filled with the hours in which nobody called', async () => {
    const { rows } = await report({ groupBy: 'hour', fill: 'true' });
    expect(rows).toHaveLength(24);
    expect(rows.slice(0, 4).map(callsOf)).toEqual([0, 101, 0, 1]);
    expect(rows[0]).toMatchObject({ time: iso(midnight), latency: null, errors5xx: 0 });
  });

  it.each([
    ['what is not grouped by time alone', { groupBy: 'hour,route', fill: 'true' }, 400],
    ['what is ordered otherwise', { groupBy: 'hour', orderBy: 'calls', fill: 'true' }, 400],
    ['more than a report may have', { groupBy: 'minute', fill: 'true', from: iso(midnight - 4 * day) }, 422],
  ])('refuses to fill %s', async (_what, query, status) => {
    const refused = await ask(query);
    expect(refused.status).toBe(status);
    if (status === 400) expect(((await refused.json()) as Problem).errors?.[0]?.pointer).toBe('/query/fill');
  });
});

describe('a report as a file', () => {
  it('has the same rows, harmless to spreadsheets, and is saved rather than shown', async () => {
    const response = await ask(
      { groupBy: 'route', limit: '1', orderBy: 'calls', routeId: '=odd' },
      '/api/v1/reports/calls.csv',
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="calls.csv"');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const [titles, row] = Buffer.from(await response.arrayBuffer())
      .toString('utf8')
      .split('\r\n');
    expect(titles).toMatch(/^\uFEFFrouteId,routeName,calls,/);
    expect(row).toMatch(/^'=odd,,1,/);
  });

  it('needs the permission, and is refused as the report is', async () => {
    expect((await analytics.request(pathOf('/api/v1/reports/calls.csv', {}))).status).toBe(401);
    const refused = await ask({ groupBy: 'weather' }, '/api/v1/reports/calls.csv');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
  });
});

describe('usage, as the portal reads it', () => {
  const usage = async (query: Record<string, string>, tenantId = tenant.tenantId) =>
    (await (await analytics.asPortal(pathOf('/internal/v1/usage', query), tenantId)).json()) as Usage;

  it('is that of one subscription or application, with a point for every interval', async () => {
    const { subscriptionId, applicationId } = tenant;
    const found = await usage({ subscriptionId, interval: 'hour' });
    expect(found.points).toHaveLength(24);
    expect(found.points[1]).toEqual({ ...found.total, time: iso(midnight + hour) });
    expect(found.total).toMatchObject({ calls: 1, errors4xx: 0, errors5xx: 0, latency: { p95Ms: 1143.48 } });
    await eventually(
      async () => expect((await usage({ applicationId })).points.map(({ calls }) => calls)).toEqual([1]),
      {
        withinMs: 20_000,
      },
    );
  });

  it('is nothing in another tenant', async () => {
    const { subscriptionId } = tenant;
    expect((await usage({ subscriptionId }, newId('tnt'))).total.calls).toBe(0);
  });

  it('is that of somebody, and told to services only', async () => {
    const path = pathOf('/internal/v1/usage', {});
    expect((await analytics.asPortal(path, tenant.tenantId)).status).toBe(400);
    expect((await analytics.request(path, { tenantId: tenant.tenantId })).status).toBe(401);
  });
});
