import type { TollgateClient } from '@tollgate/client';
import { createApplication, joinPortal, subscribe } from '../../journey/developer.ts';
import { type GatewayGroup, publish } from '../../journey/admin.ts';
import { sellProduct } from '../../journey/products.ts';
import { consoleClient, dataOf, type World } from '../../journey/world.ts';

/** A gateway group with one metered route, sold to one application. */
export interface SoldGroup {
  readonly id: string;
  readonly host: string;
  readonly path: string;
  readonly key: string;
  readonly subscriptionId: string;
  readonly linkUrl: string;
  readonly enrolToken: string;
}

const callsPerMinute = 10_000_000;

/** Signs up a tenant that sells the upstream through as many gateway groups as there are names. */
export async function sellGroups(
  world: World,
  names: readonly string[],
  upstreamUrl: string,
): Promise<{ admin: TollgateClient; groups: SoldGroup[] }> {
  const { admin, environmentId } = await signUp(world);
  const templateId = await publishTemplate(admin);
  const site = (await dataOf(admin.GET('/api/v1/portal-sites'))).items[0];
  if (site === undefined) throw new Error('the tenant has no portal site');
  const developer = await joinPortal(world, admin, site.slug);
  const applicationId = await createApplication(world, developer, site.slug);
  const groups: SoldGroup[] = [];
  for (const name of names) {
    const path = `/metered-${name}`;
    const group = await makeGroup(admin, { environmentId, name, path, upstreamUrl, templateId });
    const sold = await sellProduct(world, admin, group.id, { name, path, approval: 'automatic', callsPerMinute });
    const { key, subscriptionId } = await subscribe(world, developer, site.slug, applicationId, sold);
    const { token: enrolToken, linkUrl } = await dataOf(
      admin.POST('/api/v1/pools/{poolId}/enrolment-tokens', {
        params: { path: { poolId: group.poolId } },
        body: { name, reusable: true, expiresInSeconds: 86_400 },
      }),
    );
    groups.push({ id: group.id, host: group.hosts[0] ?? '', path, key, subscriptionId, linkUrl, enrolToken });
  }
  return { admin, groups };
}

async function signUp(world: World): Promise<{ admin: TollgateClient; environmentId: string }> {
  const session = await dataOf(
    consoleClient(world).POST('/api/v1/auth/sign-up', {
      body: { organisation: { name: 'Chaos', slug: world.cast.slug }, user: world.cast.admin },
    }),
  );
  const admin = consoleClient(world, session.token);
  const project = await dataOf(admin.POST('/api/v1/projects', { body: { name: 'Chaos', description: '' } }));
  const environment = await dataOf(
    admin.POST('/api/v1/environments', { body: { projectId: project.id, name: 'prd' } }),
  );
  return { admin, environmentId: environment.id };
}

async function publishTemplate(admin: TollgateClient): Promise<string> {
  const { id } = await dataOf(
    admin.POST('/api/v1/policy-templates', {
      body: {
        name: 'Keys',
        description: '',
        draft: { inbound: [{ type: 'key-auth', options: {} }], outbound: [] },
      },
    }),
  );
  await admin.POST('/api/v1/policy-templates/{templateId}/versions', {
    params: { path: { templateId: id } },
    body: { note: '' },
  });
  return id;
}

interface GroupWish {
  readonly environmentId: string;
  readonly name: string;
  readonly path: string;
  readonly upstreamUrl: string;
  readonly templateId: string;
}

async function makeGroup(admin: TollgateClient, wish: GroupWish): Promise<GatewayGroup> {
  const { environmentId, name, path, upstreamUrl, templateId } = wish;
  const group = await dataOf(
    admin.POST('/api/v1/gateway-groups', {
      body: { environmentId, name, pool: 'self-hosted', errorFormat: 'problem', maxAccessAgeSeconds: null },
    }),
  );
  await admin.PUT('/api/v1/gateway-groups/{groupId}/routes/{resourceId}', {
    params: { path: { groupId: group.id, resourceId: 'metered' } },
    body: {
      value: { uri: path, upstream: { type: 'roundrobin', nodes: { [new URL(upstreamUrl).host]: 1 } } },
      policyTemplate: { id: templateId, version: 'latest' },
    },
  });
  await publish(admin, group.id, 'first');
  return group;
}
