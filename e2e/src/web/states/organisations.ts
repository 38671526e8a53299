import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import { dataOf, type InstallationAddresses } from '../../journey/world.ts';
import { poll } from '../../support/poll.ts';
import { password } from './portal-people.ts';

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
  const token = await invitationOf(addresses, email);
  await createTollgateClient({ baseUrl: addresses.consoleUrl }).POST('/api/v1/auth/accept-invitation', {
    body: { token, name: viewerName, password },
  });
  return email;
}

/** The token in the mail that invites somebody, which the installation has kept for its operator. */
async function invitationOf({ consoleUrl, operator }: InstallationAddresses, to: string): Promise<string> {
  const { token } = await dataOf(
    createTollgateClient({ baseUrl: consoleUrl }).POST('/api/v1/auth/login', { body: operator }),
  );
  const staff = createTollgateClient({ baseUrl: consoleUrl, token });
  return poll(
    `a mail to ${to}`,
    async () => {
      const { items } = await dataOf(staff.GET('/api/v1/operator/mails', { params: { query: { to } } }));
      const mailId = items[0]?.id;
      if (mailId === undefined) return undefined;
      const { text } = await dataOf(staff.GET('/api/v1/operator/mails/{mailId}', { params: { path: { mailId } } }));
      return /token=([\w.~-]+)/.exec(text ?? '')?.[1];
    },
    { withinMs: 15_000, everyMs: 100 },
  );
}

/** How the viewer is called. */
export const viewerName = 'Vera Viewer';
