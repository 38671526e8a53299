import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PriceSet } from '@tollgate/contracts/events';
import type { QuotaSnapshot, Usage } from '@tollgate/contracts/rest/analytics';
import { tenantOf } from './tenant-of.ts';

/** Stands for `analytics` in suites: lists quotas and prices, and tells usage. */
export interface TestAnalytics {
  /** For `ANALYTICS_URL`. */
  readonly url: string;
  /** What the list of a tenant’s quotas holds from now on. */
  setQuotas(tenantId: string, quotas: readonly QuotaSnapshot[]): void;
  /** What the list of a tenant’s prices holds from now on. */
  setPrices(tenantId: string, prices: readonly PriceSet[]): void;
  /** What is answered to questions for usage from now on; null for a service that fails. */
  setUsage(usage: Usage | null): void;
  /** The questions for usage so far: in which tenant, and the query. */
  readonly asked: readonly { tenantId: string; query: Record<string, string> }[];
  close(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startTestAnalytics(): Promise<TestAnalytics> {
  const listed = new Map<string, readonly QuotaSnapshot[]>();
  const priced = new Map<string, readonly PriceSet[]>();
  const asked: { tenantId: string; query: Record<string, string> }[] = [];
  let usage: Usage | null = null;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://analytics.test');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/internal/v1/usage') {
      asked.push({ tenantId: tenantOf(request), query: Object.fromEntries(searchParams) });
      return usage === null ? response.writeHead(500).end() : response.end(JSON.stringify(usage));
    }
    const lists = pathname === '/internal/v1/prices' ? priced : listed;
    const items = lists.get(tenantOf(request)) ?? [];
    return response.end(JSON.stringify({ items, nextCursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setQuotas: (tenantId, quotas) => void listed.set(tenantId, quotas),
    setPrices: (tenantId, prices) => void priced.set(tenantId, prices),
    setUsage: (answer) => void (usage = answer),
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
