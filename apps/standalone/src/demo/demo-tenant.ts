import { type TollgateClient, TollgateError } from '@tollgate/client';
import { dataOf, eventually } from './answers.ts';
import { bookshopDocument } from './bookshop-document.ts';
import { draftCallers } from './demo-callers.ts';
import type { DemoPeople } from './demo-people.ts';
import { sellBookshop, showSite } from './demo-product.ts';

/** How the demo reaches the installation: by the same public API as everybody else. */
export interface DemoDoors {
  console: (token?: string) => TollgateClient;
  portal: (token?: string) => TollgateClient;
  operator: TollgateClient;
  /** Port of the gateway for plain HTTP. */
  gatewayPort: number;
}

/** Name of the demo tenant and of its portal site in addresses. */
export const demoSlug = 'demo';

/** Signs the demo tenant up, or logs its admin in when an interrupted start already did. */
async function adminOf(doors: DemoDoors, { admin }: DemoPeople): Promise<TollgateClient> {
  try {
    const { token } = await dataOf(
      doors.console().POST('/api/v1/auth/sign-up', {
        body: { organisation: { name: 'Demo Bookshop', slug: demoSlug }, user: admin },
      }),
    );
    return doors.console(token);
  } catch (error) {
    if (!(error instanceof TollgateError) || error.status !== 409) throw error;
    const { token } = await dataOf(
      doors.console().POST('/api/v1/auth/login', { body: { email: admin.email, password: admin.password } }),
    );
    return doors.console(token);
  }
}

/** A gateway group on the shared gateways with the bookshop behind it, published. */
async function publishBookshop(
  admin: TollgateClient,
  { upstreamUrl, gatewayPort }: { upstreamUrl: string; gatewayPort: number },
): Promise<{ groupId: string; url: string; routeIds: string[] }> {
  const project = await dataOf(
    admin.POST('/api/v1/projects', { body: { name: 'Bookshop', description: 'Sells books' } }),
  );
  const environment = await dataOf(
    admin.POST('/api/v1/environments', { body: { projectId: project.id, name: 'prd' } }),
  );
  const group = await dataOf(
    admin.POST('/api/v1/gateway-groups', {
      body: {
        environmentId: environment.id,
        name: 'shop',
        pool: 'shared',
        errorFormat: 'problem',
        maxAccessAgeSeconds: null,
      },
    }),
  );
  const template = await dataOf(
    admin.POST('/api/v1/policy-templates', {
      body: {
        name: 'Key and fair use',
        description: 'Callers need a key and share the gateway fairly.',
        draft: {
          inbound: [
            { type: 'key-auth', options: {} },
            { type: 'limit-count', options: { count: 600, time_window: 60, rejected_code: 429, key: 'remote_addr' } },
          ],
          outbound: [],
        },
      },
    }),
  );
  await admin.POST('/api/v1/policy-templates/{templateId}/versions', {
    params: { path: { templateId: template.id } },
    body: { note: 'First version' },
  });
  const path = { groupId: group.id };
  const url = `http://${group.hosts[0] ?? ''}:${gatewayPort}`;
  await admin.POST('/api/v1/gateway-groups/{groupId}/imports', {
    params: { path },
    body: {
      document: JSON.stringify(bookshopDocument(url)),
      serviceId: 'bookshop',
      upstreamUrl,
      policyTemplate: { id: template.id, version: 'latest' },
    },
  });
  await draftCallers(admin, group.id);
  await admin.POST('/api/v1/gateway-groups/{groupId}/publish', {
    params: { path },
    body: { baseRevision: group.revision, note: 'The bookshop opens' },
  });
  const routes = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/routes', { params: { path } }));
  return { groupId: group.id, url, routeIds: routes.items.map(({ id }) => id) };
}

async function mailToken(operator: TollgateClient, to: string): Promise<string> {
  return eventually(`the mail to ${to}`, async () => {
    const { items } = await dataOf(operator.GET('/api/v1/portal-mails', { params: { query: { to } } }));
    if (items[0] === undefined) return undefined;
    const path = { mailId: items[0].id };
    const { text } = await dataOf(operator.GET('/api/v1/portal-mails/{mailId}', { params: { path } }));
    return /[?&#]token=([\w.~-]+)/.exec(text ?? '')?.[1];
  });
}

/** A developer with an application, a subscription and a key. */
async function subscribeDeveloper(
  doors: DemoDoors,
  admin: TollgateClient,
  { people: { developer }, planId, siteSlug }: { people: DemoPeople; planId: string; siteSlug: string },
): Promise<string> {
  const path = { siteSlug };
  await doors.portal().POST('/api/v1/portal/{siteSlug}/sign-up', { params: { path }, body: developer });
  const token = await mailToken(doors.operator, developer.email);
  const account = await dataOf(
    doors.portal().POST('/api/v1/portal/{siteSlug}/verify-mail', { params: { path }, body: { token } }),
  );
  if (account.state === 'pending')
    await admin.POST('/api/v1/developers/{developerId}/approve', { params: { path: { developerId: account.id } } });
  const session = await dataOf(
    doors.portal().POST('/api/v1/portal/{siteSlug}/log-in', {
      params: { path },
      body: { email: developer.email, password: developer.password },
    }),
  );
  const self = doors.portal(session.token);
  const application = await dataOf(
    self.POST('/api/v1/portal/{siteSlug}/applications', {
      params: { path },
      body: { name: 'Reading list', description: '' },
    }),
  );
  const subscription = await dataOf(
    self.POST('/api/v1/portal/{siteSlug}/subscriptions', {
      params: { path },
      body: { applicationId: application.id, planId },
    }),
  );
  const credential = await dataOf(
    self.POST('/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/credentials', {
      params: { path: { ...path, subscriptionId: subscription.id } },
      body: { name: 'Key' },
    }),
  );
  return credential.key;
}

/** Plays a tenant's first day by the public API; gives the command line that calls the bookshop through the gateway. */
export async function createDemoTenant(doors: DemoDoors, people: DemoPeople, bookshopUrl: string): Promise<string> {
  const admin = await adminOf(doors, people);
  const { gatewayPort } = doors;
  const shop = await publishBookshop(admin, { upstreamUrl: bookshopUrl, gatewayPort });
  const planId = await sellBookshop(admin, shop);
  const siteSlug = await showSite(admin);
  const key = await subscribeDeveloper(doors, admin, { people, planId, siteSlug });
  return `curl -H 'apikey: ${key}' ${shop.url}/books`;
}
