import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestIssuer, type TestIssuer } from '@tollgate/auth/testing';

/** A tenant as `iam` has it. */
export interface TestTenant {
  readonly tenantId: string;
  readonly slug: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  readonly version: number;
}

/** Stands for `iam` in suites: signs tokens and lists tenants. */
export interface TestIam extends TestIssuer {
  /** What the list of tenants holds from now on. */
  setTenants(tenants: readonly TestTenant[]): void;
}

/** Starts it on a free loopback port. */
export async function startTestIam(): Promise<TestIam> {
  const issuer = await startTestIssuer();
  let items: object[] = [];
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/internal/v1/tenants')) {
      response.end(JSON.stringify({ items, nextCursor: null }));
      return;
    }
    fetch(issuer.url)
      .then(async (keys) => response.end(await keys.text()))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorize: (audience, principal) => issuer.authorize(audience, principal),
    setTenants(tenants) {
      items = tenants.map((tenant) => ({ ...tenant, billingTimeZone: 'UTC' }));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await issuer.close();
    },
  };
}
