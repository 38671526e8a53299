import type { TollgateClient } from '@tollgate/client';
import { poll } from '../support/poll.ts';
import type { ProductOnSale } from './products.ts';
import { consoleClient, dataOf, portalClient, type World } from './world.ts';

/** A key that a developer holds. */
export interface HeldKey {
  subscriptionId: string;
  credentialId: string;
  key: string;
}

/** Finds the verification token in the mail that the installation captured for its operator. */
async function readMailToken(world: World, to: string): Promise<string> {
  const { operator } = world.installation;
  const session = await dataOf(consoleClient(world).POST('/api/v1/auth/login', { body: operator }));
  const staff = consoleClient(world, session.token);
  return poll(
    `a mail to ${to}`,
    async () => {
      const { items } = await dataOf(staff.GET('/api/v1/portal-mails', { params: { query: { to } } }));
      const newest = items[0];
      if (newest === undefined) return undefined;
      const { text } = await dataOf(
        staff.GET('/api/v1/portal-mails/{mailId}', { params: { path: { mailId: newest.id } } }),
      );
      return /[?&#]token=([\w.~-]+)/.exec(text ?? '')?.[1];
    },
    { withinMs: 15_000, everyMs: 100 },
  );
}

/** Signs a developer up at the tenant's portal, follows the mail's link, has an administrator approve, and logs in. */
export async function joinPortal(world: World, admin: TollgateClient, siteSlug: string): Promise<TollgateClient> {
  const { log, cast } = world;
  const anonymous = portalClient(world);
  const path = { siteSlug };
  await log.step(
    'A developer signs up',
    `POST /api/v1/portal/${siteSlug}/sign-up`,
    () => dataOf(anonymous.POST('/api/v1/portal/{siteSlug}/sign-up', { params: { path }, body: cast.developer })),
    ({ next }) => `202 ${next}`,
  );
  const developer = await log.step(
    'and follows the link in the mail',
    'POST …/verify-mail',
    async () => {
      const token = await readMailToken(world, cast.developer.email);
      return dataOf(anonymous.POST('/api/v1/portal/{siteSlug}/verify-mail', { params: { path }, body: { token } }));
    },
    ({ state }) => state,
  );
  await log.step(
    'An administrator approves the developer',
    'POST /api/v1/developers/{id}/approve',
    () =>
      dataOf(
        admin.POST('/api/v1/developers/{developerId}/approve', { params: { path: { developerId: developer.id } } }),
      ),
    ({ state }) => state,
  );
  const session = await log.step(
    'The developer logs in',
    `POST /api/v1/portal/${siteSlug}/log-in`,
    () =>
      dataOf(
        anonymous.POST('/api/v1/portal/{siteSlug}/log-in', {
          params: { path },
          body: { email: cast.developer.email, password: cast.developer.password },
        }),
      ),
    ({ expiresAt }) => `until ${expiresAt}`,
  );
  return portalClient(world, session.token);
}

/** Creates an application. */
export async function createApplication(world: World, developer: TollgateClient, siteSlug: string): Promise<string> {
  const application = await world.log.step(
    'create an application',
    'POST …/applications',
    () =>
      dataOf(
        developer.POST('/api/v1/portal/{siteSlug}/applications', {
          params: { path: { siteSlug } },
          body: { name: 'Price watch', description: '' },
        }),
      ),
    ({ id }) => `201 ${id}`,
  );
  return application.id;
}

/** Subscribes the application to a product's plan and gets a key; the subscription may still wait for approval. */
export async function subscribe(
  world: World,
  developer: TollgateClient,
  siteSlug: string,
  applicationId: string,
  sold: ProductOnSale,
): Promise<HeldKey & { state: string }> {
  const subscription = await world.log.step(
    `subscribe to “${sold.product.name}”`,
    'POST …/subscriptions',
    () =>
      dataOf(
        developer.POST('/api/v1/portal/{siteSlug}/subscriptions', {
          params: { path: { siteSlug } },
          body: { applicationId, planId: sold.plan.id },
        }),
      ),
    ({ id, state }) => `201 ${id} ${state}`,
  );
  const credential = await world.log.step(
    'get a key',
    'POST …/credentials',
    () =>
      dataOf(
        developer.POST('/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/credentials', {
          params: { path: { siteSlug, subscriptionId: subscription.id } },
          body: { name: 'Key' },
        }),
      ),
    ({ id, hint }) => `201 ${id}, ends in ${hint}`,
  );
  return {
    subscriptionId: subscription.id,
    state: subscription.state,
    credentialId: credential.id,
    key: credential.key,
  };
}
