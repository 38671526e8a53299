import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@tollgate/contracts';
import { revisionPublished } from '@tollgate/contracts/events';
import type { CallReport } from '@tollgate/contracts/rest/analytics';
import type { PublishedRoute } from '@tollgate/contracts/rest/gateway';
import { eventually, redisDatabase } from '@tollgate/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startAnalytics, type RunningAnalytics } from '../testing/start-analytics.ts';
import { sampleMinute, usageRow } from '../testing/usage-samples.ts';
import { RouteLabelsCopier } from './route-labels.copier.ts';

/** The snapshot of gateway-manager, in pages of one route; null: it does not answer. */
let published: { id: string; name: string | null }[] | null;
let owner: Server;
let analytics: RunningAnalytics;

beforeAll(async () => {
  owner = createServer((request, response) => {
    const position = Number(new URL(request.url ?? '/', 'http://owner').searchParams.get('cursor') ?? '0');
    const route = published?.[position];
    if (published === null || route === undefined) return void response.writeHead(503).end();
    const item: PublishedRoute = { ...route, uris: ['/'], methods: [], serviceId: null, authentication: [] };
    const nextCursor = position + 1 < published.length ? String(position + 1) : null;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: [item], nextCursor }));
  });
  await new Promise<void>((resolve) => owner.listen(0, '127.0.0.1', resolve));
  analytics = await startAnalytics({
    databaseUrl: inject('databaseUrl'),
    redisUrl: redisDatabase(inject('redisUrl'), 12),
    gatewayManagerUrl: `http://127.0.0.1:${(owner.address() as AddressInfo).port}`,
  });
});
afterAll(async () => {
  await analytics.close();
  owner.closeAllConnections();
  await new Promise((resolve) => owner.close(resolve));
});

describe('names of routes', () => {
  let tenantId: string;
  let groupId: string;
  beforeEach(() => {
    [tenantId, groupId] = [newId('tnt'), newId('grp')];
  });

  const publish = (revision: number) =>
    analytics.publish(
      revisionPublished.create({
        subject: groupId,
        tenantId,
        aggregateVersion: revision,
        data: { groupId, revision, hash: 'h', cause: 'publish', changed: 1 },
      }),
    );
  async function namesInReport(): Promise<unknown[]> {
    await analytics.part(RouteLabelsCopier).runOnce();
    const query = new URLSearchParams({
      from: new Date(sampleMinute * 1000).toISOString(),
      to: new Date((sampleMinute + 3_600) * 1000).toISOString(),
      groupBy: 'route',
    });
    const response = await analytics.request(`/api/v1/reports/calls?${query.toString()}`, { tenantId });
    return ((await response.json()) as CallReport).rows.map(({ routeId, routeName }) => [routeId, routeName]);
  }

  it('are those of the newest revision, stay when a route is gone, and are read again when their owner did not answer', async () => {
    await analytics.count(['a', 'b', 'c'].map((routeId) => usageRow({ tenantId, groupId, routeId })));
    published = null;
    await publish(1);
    expect(await namesInReport()).toEqual([
      ['a', null],
      ['b', null],
      ['c', null],
    ]);
    published = [
      { id: 'a', name: 'Search' },
      { id: 'b', name: 'Buy' },
      { id: 'c', name: null },
    ];
    const named = [
      ['a', 'Search'],
      ['b', 'Buy'],
      ['c', null],
    ];
    await eventually(async () => expect(await namesInReport()).toEqual(named), { withinMs: 10_000 });

    published = [{ id: 'a', name: 'Find' }];
    expect(await namesInReport()).toEqual(named);
    await publish(2);
    const renamed = [['a', 'Find'], ...named.slice(1)];
    await eventually(async () => expect(await namesInReport()).toEqual(renamed), { withinMs: 10_000 });
  });
});
