import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import { type DemoFile, demoFile } from '@tollgate/contracts/runtime';
import type { InstallationAddresses } from '../journey/world.ts';
import { dataOf } from '../journey/world.ts';

/** The demo tenant of an installation, and the ids that addresses of pages hold. */
export interface DemoWorld {
  readonly addresses: InstallationAddresses;
  readonly people: DemoFile;
  readonly siteSlug: string;
  readonly ids: {
    readonly group: string;
    readonly revision: number;
    readonly route: string;
    readonly service: string;
    readonly upstream: string;
    readonly consumer: string;
    readonly consumerGroup: string;
    readonly globalPolicy: string;
    readonly template: string | undefined;
    readonly product: string;
    readonly developer: string;
    readonly application: string;
    readonly subscription: string;
  };
}

/** Reads what the demo tenant has by the public API, as its administrator and its developer. */
export async function readDemoWorld(addresses: InstallationAddresses, dataDir: string): Promise<DemoWorld> {
  const people = demoFile.parse(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')));
  const admin = await consoleOf(addresses, people.admin);
  const { items: groups } = await dataOf(admin.GET('/api/v1/gateway-groups', {}));
  const group = first('gateway group', groups);
  const inGroup = { params: { path: { groupId: group.id } } };
  const [
    routes,
    services,
    upstreams,
    consumers,
    consumerGroups,
    globalPolicies,
    templates,
    products,
    developers,
    applications,
    subscriptions,
    sites,
  ] = await Promise.all([
    dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/routes', inGroup)),
    dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/services', inGroup)),
    dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/upstreams', inGroup)),
    dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/consumers', inGroup)),
    dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/consumer-groups', inGroup)),
    dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/global-policies', inGroup)),
    dataOf(admin.GET('/api/v1/policy-templates', {})),
    dataOf(admin.GET('/api/v1/api-products', {})),
    dataOf(admin.GET('/api/v1/developers', {})),
    dataOf(admin.GET('/api/v1/applications', {})),
    dataOf(admin.GET('/api/v1/subscriptions', {})),
    dataOf(admin.GET('/api/v1/portal-sites', {})),
  ]);
  return {
    addresses,
    people,
    siteSlug: first('portal site', sites.items).slug,
    ids: {
      group: group.id,
      revision: group.revision,
      route: first('route', routes.items).id,
      service: first('service', services.items).id,
      upstream: first('upstream', upstreams.items).id,
      consumer: first('consumer', consumers.items).id,
      consumerGroup: first('consumer group', consumerGroups.items).id,
      globalPolicy: first('global policy', globalPolicies.items).id,
      template: templates.items[0]?.id,
      product: first('product', products.items).id,
      developer: first('developer', developers.items).id,
      application: first('application', applications.items).id,
      subscription: first('subscription', subscriptions.items).id,
    },
  };
}

/** A client of the console's API that is logged in. */
export async function consoleOf(
  { consoleUrl }: InstallationAddresses,
  credentials: { email: string; password: string },
): Promise<TollgateClient> {
  const client = createTollgateClient({ baseUrl: consoleUrl });
  const { token } = await dataOf(client.POST('/api/v1/auth/login', { body: credentials }));
  return createTollgateClient({ baseUrl: consoleUrl, token });
}

function first<T>(what: string, items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error(`the demo tenant has no ${what}`);
  return item;
}
