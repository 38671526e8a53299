import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { QuotaSnapshot } from '@tollgate/contracts/rest/analytics';
import { tenantOf } from './tenant-of.ts';

/** Stands for `analytics` in suites: lists quotas. */
export interface TestAnalytics {
  /** For `ANALYTICS_URL`. */
  readonly url: string;
  /** What the list of a tenant’s quotas holds from now on. */
  setQuotas(tenantId: string, quotas: readonly QuotaSnapshot[]): void;
  close(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startTestAnalytics(): Promise<TestAnalytics> {
  const listed = new Map<string, readonly QuotaSnapshot[]>();
  const server = createServer((request, response) => {
    const items = listed.get(tenantOf(request)) ?? [];
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items, nextCursor: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setQuotas: (tenantId, quotas) => void listed.set(tenantId, quotas),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
