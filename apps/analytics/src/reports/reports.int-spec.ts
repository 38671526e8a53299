import { newId } from '@tollgate/contracts';
import type { Problem } from '@tollgate/contracts/errors';
import type { CallReport } from '@tollgate/contracts/rest/analytics';
import { redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startAnalytics, type RunningAnalytics } from '../testing/start-analytics.ts';
import { usageRow } from '../testing/usage-samples.ts';

const hour = 3_600;
const day = 24 * hour;
/** Start of the UTC day before yesterday, seconds since the epoch. */
const midnight = Math.floor(Date.now() / 1000 / day) * day - 2 * day;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

let analytics: RunningAnalytics;
let tenantId: string;
let groupId: string;

beforeAll(async () => {
  analytics = await startAnalytics({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 8),
  });
});
afterAll(() => analytics.close());
beforeEach(() => {
  [tenantId, groupId] = [newId('tnt'), newId('grp')];
});

const ask = (query: Record<string, string>, role?: 'viewer') =>
  analytics.request(`/api/v1/reports/calls?${new URLSearchParams(query).toString()}`, {
    tenantId,
    ...(role === undefined ? {} : { role }),
  });
async function report(query: Record<string, string>): Promise<CallReport> {
  const response = await ask({ from: iso(midnight), to: iso(midnight + day), ...query });
  expect(response.status).toBe(200);
  return (await response.json()) as CallReport;
}
const timesAndCalls = ({ rows }: CallReport) => rows.map(({ time, calls }) => [time, calls]);

describe('a report of calls', () => {
  it('groups by minute, hour and day in UTC', async () => {
    const row = (minute: number, calls: number) => usageRow({ tenantId, groupId, minute, calls });
    await analytics.count([row(midnight, 1), row(midnight + 60, 2), row(midnight + hour, 4), row(midnight + day, 8)]);
    const to = iso(midnight + 2 * day);
    expect(timesAndCalls(await report({ to, groupBy: 'minute' }))).toEqual([
      [iso(midnight), 1],
      [iso(midnight + 60), 2],
      [iso(midnight + hour), 4],
      [iso(midnight + day), 8],
    ]);
    expect(timesAndCalls(await report({ to, groupBy: 'hour' }))).toEqual([
      [iso(midnight), 3],
      [iso(midnight + hour), 4],
      [iso(midnight + day), 8],
    ]);
    expect(timesAndCalls(await report({ to, groupBy: 'day' }))).toEqual([
      [iso(midnight), 7],
      [iso(midnight + day), 8],
    ]);
  });

  it('includes its beginning and not its end, whichever roll-up answers', async () => {
    const row = (minute: number) => usageRow({ tenantId, groupId, minute });
    await analytics.count([row(midnight - 60), row(midnight), row(midnight + day - 60), row(midnight + day)]);
    expect((await report({})).total.calls).toBe(2);
    expect((await report({ to: iso(midnight + day + hour) })).total.calls).toBe(3);
    expect((await report({ from: iso(midnight - 60) })).total.calls).toBe(3);
  });

  it('filters by group, route, subscription and status', async () => {
    const consumer = newId('sub');
    const row = { tenantId, groupId, minute: midnight };
    await analytics.count([
      usageRow({ ...row, calls: 1 }),
      usageRow({ ...row, calls: 2, routeId: 'none', status: 404 }),
      usageRow({ ...row, calls: 4, consumer }),
      usageRow({ ...row, calls: 8, groupId: newId('grp') }),
    ]);
    expect((await report({ groupId })).total.calls).toBe(7);
    expect((await report({ routeId: 'none' })).total.calls).toBe(2);
    expect((await report({ subscriptionId: consumer })).total.calls).toBe(4);
    expect((await report({ status: '404' })).total.calls).toBe(2);
  });

  it('counts tries with calls, without them or alone, and tells them apart', async () => {
    const consumer = newId('sub');
    const row = { tenantId, groupId, minute: midnight, consumer };
    await analytics.count([
      usageRow({ ...row, calls: 4 }),
      usageRow({ ...row, calls: 2, tried: true }),
      usageRow({ ...row, calls: 1, tried: true, billable: 0 }),
    ]);
    expect((await report({})).total).toMatchObject({ calls: 7, billable: 6 });
    expect((await report({ tries: 'excluded' })).total).toMatchObject({ calls: 4, billable: 4 });
    expect((await report({ tries: 'only', subscriptionId: consumer })).total).toMatchObject({ calls: 3, billable: 2 });
    const { rows } = await report({ groupBy: 'tried' });
    expect(rows.map(({ isTried, calls }) => [isTried, calls])).toEqual([
      [false, 4],
      [true, 3],
    ]);
    expect((await ask({ from: iso(midnight), to: iso(midnight + day), tries: 'some' })).status).toBe(400);
  });

  it('adds up while calls are being counted: rows and total are of one moment', async () => {
    const batches = 60;
    const counting = Array.from({ length: batches }, (_, batch) => batch).reduce<Promise<void>>(
      (before, batch) =>
        before.then(() =>
          analytics.count([usageRow({ tenantId, groupId, minute: midnight, status: 200 + (batch % 2) })]),
        ),
      Promise.resolve(),
    );
    for (let seen = 0; seen < batches;) {
      const { rows, total } = await report({ groupBy: 'status' });
      expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(total.calls);
      seen = total.calls;
    }
    await counting;
  });

  it('merges latencies of all that it groups', async () => {
    const row = { tenantId, groupId, minute: midnight };
    await analytics.count([
      usageRow({ ...row, calls: 98, latency: [[40, 98]], latencySumUs: 98_000 }),
      usageRow({ ...row, routeId: 'slow', calls: 2, latency: [[80, 2]], latencySumUs: 2_000_000 }),
    ]);
    const { total, rows } = await report({ groupBy: 'route' });
    expect(total.latency).toEqual({ meanMs: 20.98, p50Ms: 1.117, p95Ms: 1.117, p99Ms: 1143.48 });
    expect(rows.map(({ routeId, latency }) => [routeId, latency?.p50Ms])).toEqual([
      ['route-1', 1.117],
      ['slow', 1143.48],
    ]);
  });

  it('counts calls of which no latency is known', async () => {
    await analytics.count([usageRow({ tenantId, groupId, minute: midnight, calls: 3, latency: [], latencySumUs: 0 })]);
    expect(await report({ groupBy: 'route' })).toMatchObject({
      rows: [{ routeId: 'route-1', calls: 3, latency: null }],
      total: { calls: 3, latency: null },
    });
  });

  it('is empty where nothing was counted', async () => {
    expect(await report({ groupBy: 'route,status' })).toMatchObject({ rows: [], total: { calls: 0, latency: null } });
  });

  it.each([
    ['an end before its beginning', { to: iso(midnight - day) }, '/query/to'],
    ['a part of a minute', { from: iso(midnight + 1) }, '/query/from'],
    ['more than a year', { from: iso(midnight - 367 * day) }, '/query/to'],
    ['minutes that are not kept any more', { from: iso(midnight - 100 * day), groupBy: 'minute' }, '/query/from'],
    ['an unknown grouping', { groupBy: 'route,weather' }, '/query/groupBy'],
    ['a grouping twice', { groupBy: 'route,route' }, '/query/groupBy'],
    ['two spans of time', { groupBy: 'hour,day' }, '/query/groupBy'],
    ['what is no time', { from: 'yesterday' }, '/query/from'],
    ['an unknown parameter', { colour: 'red' }, '/query/colour'],
  ])('refuses %s', async (_what, query, pointer) => {
    const response = await ask({ from: iso(midnight), to: iso(midnight + day), ...query });
    expect(response.status).toBe(400);
    expect(((await response.json()) as Problem).errors?.map((place) => place.pointer)).toEqual([pointer]);
  });

  it('refuses more rows than it can give instead of leaving some out', async () => {
    const rows = Array.from({ length: 5_001 }, (_, index) =>
      usageRow({ tenantId, groupId, minute: midnight, routeId: `route-${index}` }),
    );
    await analytics.count(rows.slice(0, 5_000));
    expect((await report({ groupBy: 'route' })).rows.length).toBe(5_000);
    await analytics.count(rows.slice(5_000));
    const refused = await ask({ from: iso(midnight), to: iso(midnight + day), groupBy: 'route' });
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([422, 'report.too_many_rows']);
  });

  it('needs a permission', async () => {
    const path = `/api/v1/reports/calls?from=${iso(midnight)}&to=${iso(midnight + day)}`;
    expect((await analytics.request(path)).status).toBe(401);
    expect((await ask({ from: iso(midnight), to: iso(midnight + day) }, 'viewer')).status).toBe(200);
  });
});
