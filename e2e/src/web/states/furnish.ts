import type { TollgateClient } from '@tollgate/client';
import { dataOf } from '../../journey/world.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { poll } from '../../support/poll.ts';
import type { DemoWorld } from '../demo-world.ts';
import { newGroup } from '../organisations.ts';

/** Ids of what the states need in the demo tenant beside what it has. */
export interface Furniture {
  /** A gateway group with a data plane of its own, a workspace, and nothing to publish. */
  readonly edge: string;
  /** A gateway group without data planes, in which states publish. */
  readonly lab: string;
  /** A policy template whose draft differs from its newest version. */
  readonly differing: string;
  /** One that a route of the lab takes the latest version of. */
  readonly rolling: string;
  /** A product of which nothing is there yet but its name. */
  readonly unfinished: string;
  /** A published product without overview and reference. */
  readonly bare: string;
  readonly serviceAccount: string;
  /** The plan that somebody has to say yes to. */
  readonly manualPlan: string;
}

/** Name of the data plane of the edge group. */
export const planeName = 'edge-1';

const enrolmentOf = (name: string) => ({ name, reusable: false, expiresInSeconds: 3_600 });

const one = { type: 'key-auth', options: {} };
const limited = (count: number) => ({
  type: 'limit-count',
  options: { count, time_window: 60, rejected_code: 429, key: 'remote_addr' },
});

/** Puts into the demo tenant what the states need. `keep` is given the data plane as soon as it runs, to stop it in the end. */
export async function furnish(
  admin: TollgateClient,
  { ids }: DemoWorld,
  { folder, keep }: { folder: string; keep: (gateway: GatewayProcess) => void },
): Promise<Furniture> {
  const shop = { path: { groupId: ids.group } };
  const { environmentId } = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params: shop }));
  const edge = await newGroup(admin, environmentId, 'edge');
  const lab = await newGroup(admin, environmentId, 'lab');
  await addDataPlane(admin, { groupId: edge.id, poolId: edge.poolId, folder, keep });
  await admin.POST('/api/v1/gateway-groups/{groupId}/workspaces', {
    params: { path: { groupId: edge.id } },
    body: { name: 'payments' },
  });

  await putRoute(admin, ids.group, 'offers');
  const { revision } = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params: shop }));
  await admin.POST('/api/v1/gateway-groups/{groupId}/publish', {
    params: shop,
    body: { baseRevision: revision, note: 'Offers of the week' },
  });
  await putRoute(admin, ids.group, 'news');

  const differing = await newTemplate(admin, 'Quiet hours');
  await changeDraft(admin, differing, 90);
  const rolling = await newTemplate(admin, 'Rolled out');
  await putRoute(admin, lab.id, 'guarded', { id: rolling, version: 'latest' });
  await publishAll(admin, lab.id);

  const unfinished = await newProduct(admin, 'Unfinished API');
  const bare = await sellBare(admin, { groupId: ids.group, routeIds: [ids.route] });
  await admin.POST('/api/v1/tokens', { body: { name: 'Laptop', permissions: ['gateways.read'], expiresInDays: 7 } });
  const account = await dataOf(
    admin.POST('/api/v1/service-accounts', {
      body: { name: 'Deployer', description: 'Publishes from the pipeline', permissions: ['config.publish'] },
    }),
  );
  await admin.POST('/api/v1/service-accounts/{serviceAccountId}/tokens', {
    params: { path: { serviceAccountId: account.id } },
    body: { name: 'Pipeline', permissions: ['config.publish'], expiresInDays: 90 },
  });
  await admin.POST('/api/v1/invitations', { body: { email: 'nina@example.com', role: 'editor' } });
  const { items: plans } = await dataOf(
    admin.GET('/api/v1/api-products/{productId}/plans', { params: { path: { productId: ids.product } } }),
  );
  const manualPlan = plans.find(({ current }) => current.approval === 'manual')?.id ?? '';
  const serviceAccount = account.id;
  return { edge: edge.id, lab: lab.id, differing, rolling, unfinished, bare, serviceAccount, manualPlan };
}

/** Starts a data plane of a group and waits until the fleet shows it; leaves a second token behind that nobody has used. */
async function addDataPlane(
  admin: TollgateClient,
  where: { groupId: string; poolId: string; folder: string; keep: (gateway: GatewayProcess) => void },
): Promise<void> {
  const { groupId, poolId, folder, keep } = where;
  const params = { path: { poolId } };
  const { token, linkUrl } = await dataOf(
    admin.POST('/api/v1/pools/{poolId}/enrolment-tokens', { params, body: enrolmentOf(planeName) }),
  );
  await admin.POST('/api/v1/pools/{poolId}/enrolment-tokens', { params, body: enrolmentOf('Branch office') });
  keep(await startGateway({ linkUrl, enrolToken: token, folder, env: { GATEWAY_NAME: planeName } }));
  await poll(
    'the data plane of the edge group is online',
    async () => {
      const { items } = await dataOf(admin.GET('/api/v1/data-planes', { params: { query: { groupId } } }));
      return items.find(({ status }) => status === 'online');
    },
    { withinMs: 30_000, everyMs: 100 },
  );
}

/** Writes a route into the draft of a group. */
export async function putRoute(
  admin: TollgateClient,
  groupId: string,
  resourceId: string,
  policyTemplate: { id: string; version: 'latest' } | null = null,
): Promise<void> {
  await admin.PUT('/api/v1/gateway-groups/{groupId}/routes/{resourceId}', {
    params: { path: { groupId, resourceId } },
    body: { value: { uri: `/${resourceId}`, upstream: { nodes: { '127.0.0.1:1': 1 } } }, policyTemplate },
  });
}

async function publishAll(admin: TollgateClient, groupId: string): Promise<void> {
  const params = { path: { groupId } };
  const { revision } = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params }));
  await admin.POST('/api/v1/gateway-groups/{groupId}/publish', { params, body: { baseRevision: revision, note: '' } });
}

/** A policy template with one version. */
async function newTemplate(admin: TollgateClient, name: string): Promise<string> {
  const draft = { inbound: [one, limited(30)], outbound: [] };
  const { id } = await dataOf(admin.POST('/api/v1/policy-templates', { body: { name, description: '', draft } }));
  await publishVersion(admin, id);
  return id;
}

/** Gives the draft of a template another limit. */
export async function changeDraft(admin: TollgateClient, templateId: string, count: number): Promise<void> {
  const path = { templateId };
  const { version } = await dataOf(admin.GET('/api/v1/policy-templates/{templateId}', { params: { path } }));
  await admin.PATCH('/api/v1/policy-templates/{templateId}', {
    params: { path, header: { 'if-match': `"${version}"` } },
    body: { draft: { inbound: [one, limited(count)], outbound: [] } },
  });
}

/** Makes a version of the draft of a template. */
export async function publishVersion(admin: TollgateClient, templateId: string): Promise<void> {
  await admin.POST('/api/v1/policy-templates/{templateId}/versions', {
    params: { path: { templateId } },
    body: { note: '' },
  });
}

async function newProduct(
  admin: TollgateClient,
  name: string,
  bindings: { groupId: string; routeIds: string[] }[] = [],
): Promise<string> {
  const body = { name, description: '', docs: '', visibility: 'public' as const, bindings };
  return (await dataOf(admin.POST('/api/v1/api-products', { body }))).id;
}

async function sellBare(admin: TollgateClient, binding: { groupId: string; routeIds: string[] }): Promise<string> {
  const productId = await newProduct(admin, 'Bare API', [binding]);
  const params = { path: { productId } };
  await dataOf(
    admin.POST('/api/v1/api-products/{productId}/plans', {
      params,
      body: { name: 'Only', description: '', keyless: false, limit: null, quota: null, approval: 'automatic' },
    }),
  );
  await admin.POST('/api/v1/api-products/{productId}/publish', { params });
  return productId;
}
