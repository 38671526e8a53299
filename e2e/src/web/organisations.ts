import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import { dataOf, type InstallationAddresses } from '../journey/world.ts';
import { poll } from '../support/poll.ts';
import { linkInMail } from './mails.ts';
import { password } from './states/portal-people.ts';

/** An organisation of somebody new. */
export interface Organisation {
  readonly slug: string;
  readonly email: string;
  readonly admin: TollgateClient;
}

/** Signs an organisation up in which there is nothing yet, and waits until it has its portal site. */
export async function newOrganisation({ consoleUrl }: InstallationAddresses, name: string): Promise<Organisation> {
  const slug = `${name.toLowerCase()}-${Date.now().toString(36)}`;
  const email = `${slug}@example.com`;
  const { token } = await dataOf(
    createTollgateClient({ baseUrl: consoleUrl }).POST('/api/v1/auth/sign-up', {
      body: { organisation: { name, slug }, user: { name: `${name} Owner`, email, password } },
    }),
  );
  const admin = createTollgateClient({ baseUrl: consoleUrl, token });
  await poll(
    'the portal site of a new organisation',
    async () => (await dataOf(admin.GET('/api/v1/portal-sites'))).items[0],
    { withinMs: 20_000, everyMs: 100 },
  );
  return { slug, email, admin };
}

/** Makes the first gateway group, which nothing serves, and a product without anything in it. */
export async function begin(admin: TollgateClient): Promise<{ group: string; product: string }> {
  const project = await dataOf(admin.POST('/api/v1/projects', { body: { name: 'First', description: '' } }));
  const environment = await dataOf(
    admin.POST('/api/v1/environments', { body: { projectId: project.id, name: 'prd' } }),
  );
  const group = await newGroup(admin, environment.id, 'first');
  const product = await dataOf(
    admin.POST('/api/v1/api-products', {
      body: { name: 'First API', description: '', docs: '', visibility: 'public', bindings: [] },
    }),
  );
  return { group: group.id, product: product.id };
}

/** A gateway group with gateways of its own. */
export function newGroup(admin: TollgateClient, environmentId: string, name: string) {
  return dataOf(
    admin.POST('/api/v1/gateway-groups', {
      body: { environmentId, name, pool: 'self-hosted', errorFormat: 'problem', maxAccessAgeSeconds: null },
    }),
  );
}

/** Invites somebody who may only read, and who accepts. @returns their mail address. */
export async function letViewerIn(addresses: InstallationAddresses, admin: TollgateClient): Promise<string> {
  const email = `viewer-${Date.now().toString(36)}@example.com`;
  await admin.POST('/api/v1/invitations', { body: { email, role: 'viewer' } });
  const token = /token=(.+)$/.exec(await linkInMail(addresses, { to: email, from: 'platform' }))?.[1] ?? '';
  await createTollgateClient({ baseUrl: addresses.consoleUrl }).POST('/api/v1/auth/accept-invitation', {
    body: { token, name: viewerName, password },
  });
  return email;
}

/** How the viewer is called. */
export const viewerName = 'Vera Viewer';
