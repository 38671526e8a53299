import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@tollgate/contracts';
import type { PublishedRoute, tryRequestForService } from '@tollgate/contracts/rest/gateway';
import type { z } from 'zod';
import { tenantOf } from './tenant-of.ts';

/** Stands for `gateway-manager` in suites: answers which routes of a group are in force. */
export interface TestGatewayManager {
  /** For `GATEWAY_MANAGER_URL`. */
  readonly url: string;
  /** Puts routes of a group in force; an unknown group is answered with 404. `open` routes ask for no key. */
  setRoutes(groupId: string, routes: { id: string; open?: boolean }[]): void;
  /** A group whose routes cannot be read: it is answered with 500. */
  readonly brokenGroupId: string;
  /** What the list of a tenant’s groups holds from now on. */
  setGroups(tenantId: string, groups: readonly { groupId: string; name: string; hosts: string[] }[]): void;
  /** Requests that were to be tried, oldest first. */
  readonly tries: { readonly tenantId: string; readonly groupId: string; readonly body: unknown }[];
  /** What the next try is answered with; default: that no data plane is online. */
  tryResult: z.input<NonNullable<typeof tryRequestForService.response>>;
  close(): Promise<void>;
}

/** Starts it on a free loopback port. */
export async function startTestGatewayManager(): Promise<TestGatewayManager> {
  const groups = new Map<string, PublishedRoute[]>();
  const brokenGroupId = newId('grp');
  const listed = new Map<string, object[]>();
  const tries: TestGatewayManager['tries'] = [];
  const state: Pick<TestGatewayManager, 'tryResult'> = { tryResult: { outcome: 'no-data-plane' } };
  const server = createServer((request, response) => {
    const tried = /^\/internal\/v1\/gateway-groups\/([^/]+)\/try-requests$/.exec(request.url ?? '')?.[1];
    if (tried !== undefined) {
      let text = '';
      return request
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('end', () => {
          tries.push({ tenantId: tenantOf(request), groupId: tried, body: JSON.parse(text) });
          response.setHeader('content-type', 'application/json').end(JSON.stringify(state.tryResult));
        });
    }
    const groupId = /^\/internal\/v1\/gateway-groups\/([^/]+)\/routes/.exec(request.url ?? '')?.[1] ?? '';
    if (/^\/internal\/v1\/gateway-groups(\?|$)/.test(request.url ?? '')) {
      return response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ items: listed.get(tenantOf(request)) ?? [], nextCursor: null }));
    }
    if (groupId === brokenGroupId) return response.writeHead(500).end();
    const items = groups.get(groupId);
    response.setHeader('content-type', 'application/json');
    if (items !== undefined) return response.end(JSON.stringify({ items, nextCursor: null }));
    const problem = { type: 'about:blank', title: 'None', status: 404, code: 'resource.not_found', requestId: 'r' };
    return response.writeHead(404).end(JSON.stringify(problem));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    brokenGroupId,
    tries,
    get tryResult() {
      return state.tryResult;
    },
    set tryResult(result) {
      state.tryResult = result;
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setRoutes(groupId, routes) {
      const inForce = routes.map(({ id, open = false }) => ({
        id,
        name: null,
        uris: [`/${id}`],
        methods: [],
        serviceId: null,
        authentication: open ? [] : ['key-auth'],
      }));
      groups.set(groupId, inForce);
    },
    setGroups(tenantId, all) {
      listed.set(
        tenantId,
        all.map((group) => ({ ...group, environmentId: newId('env'), revision: 1 })),
      );
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
