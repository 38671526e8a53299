import type { components, TollgateClient } from '@tollgate/client';
import { tollgate } from '../support/command-line.ts';
import { publicDocuments } from '../support/public-documents.ts';
import { expectThat } from './journey-log.ts';
import { consoleClient, dataOf, type World } from './world.ts';

export type GatewayGroup = components['schemas']['GatewayGroup'];

/** Signs up a tenant, logs its owner in by the command line as well, and makes a project, an environment and a self-hosted gateway group. */
export async function prepareTenant(
  world: World,
): Promise<{ admin: TollgateClient; token: string; group: GatewayGroup }> {
  const { log, cast, installation } = world;
  const session = await log.step(
    'Sign up a tenant',
    `POST /api/v1/auth/sign-up ${cast.slug}`,
    () =>
      dataOf(
        consoleClient(world).POST('/api/v1/auth/sign-up', {
          body: { organisation: { name: 'Demo organisation', slug: cast.slug }, user: cast.admin },
        }),
      ),
    ({ tenantId }) => `201 ${tenantId}`,
  );
  const admin = consoleClient(world, session.token);
  await log.step(
    'Log in on the command line',
    'tollgate login; tollgate whoami',
    async () => {
      const cli = { TOLLGATE_URL: installation.consoleUrl, TOLLGATE_PASSWORD: cast.admin.password };
      await tollgate(world.folder, ['login', '--email', cast.admin.email], cli);
      return tollgate(world.folder, ['whoami', '-o', 'json']);
    },
    (me) => (JSON.parse(me) as { email: string }).email,
  );
  const project = await log.step(
    'Create a project',
    'POST /api/v1/projects',
    () => dataOf(admin.POST('/api/v1/projects', { body: { name: 'Shop', description: 'Everything the shop offers' } })),
    ({ id }) => `201 ${id}`,
  );
  const environment = await log.step(
    'Create an environment',
    'POST /api/v1/environments',
    () => dataOf(admin.POST('/api/v1/environments', { body: { projectId: project.id, name: 'prd' } })),
    ({ id }) => `201 ${id}`,
  );
  const group = await log.step(
    'Create a gateway group',
    'POST /api/v1/gateway-groups',
    () =>
      dataOf(
        admin.POST('/api/v1/gateway-groups', {
          body: {
            environmentId: environment.id,
            name: 'edge',
            pool: 'self-hosted',
            errorFormat: 'problem',
            maxAccessAgeSeconds: null,
          },
        }),
      ),
    ({ hosts }) => `201 ${hosts.join(', ')}`,
  );
  return { admin, token: session.token, group };
}

/** Imports three large public API descriptions, each into a service whose upstream is `upstreamUrl`. */
export async function importDocuments(
  world: World,
  admin: TollgateClient,
  group: GatewayGroup,
  upstreamUrl: string,
): Promise<void> {
  for (const document of publicDocuments) {
    const text = await document.read();
    const result = await world.log.step(
      `Import ${document.name}’s OpenAPI document`,
      `POST …/imports, ${(text.length / 1e6).toFixed(1)} MB`,
      () =>
        dataOf(
          admin.POST('/api/v1/gateway-groups/{groupId}/imports', {
            params: { path: { groupId: group.id } },
            body: { document: text, upstreamUrl, serviceId: document.name.toLowerCase() },
          }),
        ),
      ({ added, specification }) => `200 ${specification}, ${added} resources added`,
    );
    expectThat(
      result.added >= document.atLeastRoutes,
      `${document.name} has at least ${document.atLeastRoutes} routes, got ${result.added}`,
    );
  }
}

/** Makes a template with `key-auth` and `limit-count`, publishes its first version and lets the services refer to it. */
export async function attachPolicies(world: World, admin: TollgateClient, group: GatewayGroup): Promise<void> {
  const template = await world.log.step(
    'Create a policy template',
    'POST /api/v1/policy-templates: key-auth, limit-count with rejected_code 429',
    () =>
      dataOf(
        admin.POST('/api/v1/policy-templates', {
          body: {
            name: 'Keys and limits',
            description: 'A key is needed; nobody takes more than a fair share',
            draft: {
              inbound: [
                { type: 'key-auth', options: {} },
                {
                  type: 'limit-count',
                  options: { count: 100_000, time_window: 60, rejected_code: 429, key: 'remote_addr' },
                },
              ],
              outbound: [],
            },
          },
        }),
      ),
    ({ id }) => `201 ${id}`,
  );
  await world.log.step(
    'Publish the template’s first version',
    'POST …/versions',
    () =>
      dataOf(
        admin.POST('/api/v1/policy-templates/{templateId}/versions', {
          params: { path: { templateId: template.id } },
          body: { note: 'first' },
        }),
      ),
    ({ number }) => `201 version ${number}`,
  );
  await world.log.step(
    'Let the services refer to the template',
    'PUT …/services/{id}',
    async () => {
      const { items } = await dataOf(
        admin.GET('/api/v1/gateway-groups/{groupId}/services', { params: { path: { groupId: group.id } } }),
      );
      for (const service of items) {
        await admin.PUT('/api/v1/gateway-groups/{groupId}/services/{resourceId}', {
          params: { path: { groupId: group.id, resourceId: service.id } },
          headers: { 'if-match': `"${service.version}"` },
          body: { value: service.value, policyTemplate: { id: template.id, version: 'latest' } },
        });
      }
      return items.length;
    },
    (count) => `200, ${count} services`,
  );
}

/** The revision that is in force now. */
export async function currentRevision(admin: TollgateClient, groupId: string): Promise<number> {
  return (await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}', { params: { path: { groupId } } }))).revision;
}

/** Publishes everything in the draft; gives the new revision. */
export async function publish(admin: TollgateClient, groupId: string, note: string): Promise<number> {
  const baseRevision = await currentRevision(admin, groupId);
  const outcome = await dataOf(
    admin.POST('/api/v1/gateway-groups/{groupId}/publish', {
      params: { path: { groupId } },
      body: { baseRevision, note },
    }),
  );
  return outcome.revision;
}
