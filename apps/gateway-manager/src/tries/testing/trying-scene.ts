import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@tollgate/contracts';
import type { GatewayGroup, TriedRequest } from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { type DataPlaneProcess, startDataPlane } from '../../link/testing/data-plane-process.ts';
import { type LinkScene, manyEnrolments, setScene } from '../../link/testing/link-scene.ts';
import {
  type RequestOptions,
  type RunningGatewayManager,
  startGatewayManager,
} from '../../testing/start-gateway-manager.ts';

/** What a data plane that was just started may take. */
export const withinMs = 15_000;

/** The policy template of the route `shop`, which sets a header. */
export const templateId = newId('ptp');
const keyTemplateId = newId('ptp');

/**
 * A gateway-manager for a file of tests with a real data plane of one group. In force are `shop` (`GET /shop/*`, with the template) and
 * `keyed` (`GET /keyed`, for keys only), before an upstream that says hello.
 */
export function tryingScene() {
  let manager: RunningGatewayManager;
  let upstream: Server;
  let scene: LinkScene;
  let stateDir: string;
  let plane: DataPlaneProcess;

  beforeAll(async () => {
    manager = await startGatewayManager(inject('databaseUrl'), {
      ...manyEnrolments,
      LINK_HEARTBEAT_INTERVAL_MS: '300',
    });
    upstream = createServer((_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    scene = await setScene(manager);
    stateDir = await mkdtemp(join(tmpdir(), 'tollgate-dp-'));
    await publishRoute();
    plane = await startDataPlane({
      TOLLGATE_LINK_URL: scene.client.url,
      TOLLGATE_STATE_DIR: stateDir,
      TOLLGATE_ENROL_TOKEN: (await scene.createToken()).token,
    });
    await eventually(
      async () => expect((await tryIt({ path: '/shop/1' })).body).toMatchObject({ response: { status: 200 } }),
      { withinMs },
    );
  }, 90_000);
  afterAll(async () => {
    await plane.end('SIGKILL');
    await new Promise((resolve) => upstream.close(resolve));
    await manager.close();
    await rm(stateDir, { recursive: true });
  });

  async function publishRoute(): Promise<void> {
    const { tenantId } = scene.tenant;
    const path = `/api/v1/gateway-groups/${scene.group.id}`;
    const { port } = upstream.address() as AddressInfo;
    const value = {
      name: 'shop',
      uri: '/shop/*',
      methods: ['GET'],
      upstream: { nodes: { [`127.0.0.1:${port}`]: 1 } },
    };
    const plugins = { 'proxy-rewrite': { headers: { set: { 'x-shop': '1' } } } };
    const template = { templateId, name: 'Shop', number: 1, contentHash: 'a'.repeat(64), plugins };
    manager.policyManager.answers.set(`/internal/v1/policy-templates/${templateId}/versions/1`, template);
    const policyTemplate = { id: templateId, version: 1 };
    const put = await manager.request(`${path}/routes/shop`, {
      tenantId,
      method: 'PUT',
      body: { value, policyTemplate },
    });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    const keys = {
      ...template,
      templateId: keyTemplateId,
      name: 'Keys',
      contentHash: 'b'.repeat(64),
      plugins: { 'key-auth': {} },
    };
    manager.policyManager.answers.set(`/internal/v1/policy-templates/${keyTemplateId}/versions/1`, keys);
    await manager.request(`${path}/routes/keyed`, {
      tenantId,
      method: 'PUT',
      body: { value: { ...value, uri: '/keyed' }, policyTemplate: { id: keyTemplateId, version: 1 } },
    });
    const { revision: baseRevision } = (await manager.request<GatewayGroup>(path, { tenantId })).body;
    const published = await manager.request(`${path}/publish`, { tenantId, body: { baseRevision } });
    expect(published.status, JSON.stringify(published.body)).toBe(200);
  }

  function tryIt(request: object, more: object = {}, options: RequestOptions = {}) {
    return manager.request<TriedRequest & { code?: string }>(`/api/v1/gateway-groups/${scene.group.id}/try-requests`, {
      tenantId: scene.tenant.tenantId,
      body: { request, ...more },
      ...options,
    });
  }

  return {
    get manager() {
      return manager;
    },
    get link() {
      return scene;
    },
    get upstream() {
      return upstream;
    },
    get plane() {
      return plane;
    },
    tryIt,
  };
}
