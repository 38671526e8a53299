import { type TollgateClient, TollgateError } from '@tollgate/client';
import { bookshopDocument } from './bookshop.ts';
import type { DemoPeople } from './demo-people.ts';

/** How the demo reaches the installation: by the same public API as everybody else. */
export interface DemoDoors {
  console: (token?: string) => TollgateClient;
  portal: (token?: string) => TollgateClient;
  operator: TollgateClient;
  /** Port of the gateway for plain HTTP. */
  gatewayPort: number;
}

const slug = 'demo';

async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new Error('an answer has no body');
  return data;
}

/** Signs the demo tenant up, or logs its admin in when an interrupted start already did. */
async function adminOf(doors: DemoDoors, { admin }: DemoPeople): Promise<TollgateClient> {
  try {
    const { token } = await dataOf(
      doors
        .console()
        .POST('/api/v1/auth/sign-up', { body: { organisation: { name: 'Demo Bookshop', slug }, user: admin } }),
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
  bookshopUrl: string,
): Promise<{ groupId: string; host: string; routeIds: string[] }> {
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
  await admin.POST('/api/v1/gateway-groups/{groupId}/imports', {
    params: { path },
    body: {
      document: JSON.stringify(bookshopDocument),
      serviceId: 'bookshop',
      upstreamUrl: bookshopUrl,
      policyTemplate: { id: template.id, version: 'latest' },
    },
  });
  await admin.POST('/api/v1/gateway-groups/{groupId}/publish', {
    params: { path },
    body: { baseRevision: group.revision, note: 'The bookshop opens' },
  });
  const routes = await dataOf(admin.GET('/api/v1/gateway-groups/{groupId}/routes', { params: { path } }));
  return { groupId: group.id, host: group.hosts[0] ?? '', routeIds: routes.items.map(({ id }) => id) };
}

/** A product with a plan that anybody may subscribe to. */
async function sellBookshop(admin: TollgateClient, groupId: string, routeIds: string[]): Promise<string> {
  const product = await dataOf(
    admin.POST('/api/v1/api-products', {
      body: {
        name: 'Bookshop API',
        description: 'Browse the shelves by program.',
        docs: '# Bookshop API\n\nSend your key as `apikey`.',
        visibility: 'public',
        bindings: [{ groupId, routeIds }],
      },
    }),
  );
  const plan = await dataOf(
    admin.POST('/api/v1/api-products/{productId}/plans', {
      params: { path: { productId: product.id } },
      body: {
        name: 'Standard',
        description: '',
        keyless: false,
        limit: { calls: 60, windowSeconds: 60 },
        quota: { calls: 100_000, period: 'month' },
        approval: 'automatic',
      },
    }),
  );
  await admin.POST('/api/v1/prices', {
    body: {
      planVersionId: plan.current.id,
      currency: 'EUR',
      model: 'per-call',
      unitPrice: '0.002',
      perCalls: 1,
      includedCalls: 0,
    },
  });
  await admin.POST('/api/v1/api-products/{productId}/publish', { params: { path: { productId: product.id } } });
  return plan.id;
}

/** What the services tell each other by events takes a moment to show. */
async function eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await attempt();
    if (found !== undefined) return found;
    await new Promise<void>((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not show up`);
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
  { developer }: DemoPeople,
  planId: string,
): Promise<string> {
  const site = await eventually(
    'the portal site',
    async () => (await dataOf(admin.GET('/api/v1/portal-sites'))).items[0],
  );
  const path = { siteSlug: site.slug };
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
  const { groupId, host, routeIds } = await publishBookshop(admin, bookshopUrl);
  const planId = await sellBookshop(admin, groupId, routeIds);
  const key = await subscribeDeveloper(doors, admin, people, planId);
  return `curl -H 'apikey: ${key}' http://${host}:${doors.gatewayPort}/books`;
}
