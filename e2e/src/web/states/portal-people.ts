import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import { dataOf, type InstallationAddresses } from '../../journey/world.ts';
import { linkInMail } from '../mails.ts';

/** What everybody logs in with whom the worlds of the states invent. */
export const password = 'a long pass phrase of everybody';

/** Who signs up at a portal. */
export interface SigningUp {
  readonly siteSlug: string;
  readonly name: string;
  readonly email: string;
}

/** Signs a developer up, who follows the link in the mail. @returns their id; they wait to be let in. */
export async function signUpAtPortal(
  addresses: InstallationAddresses,
  { siteSlug, name, email }: SigningUp,
): Promise<string> {
  const portal = createTollgateClient({ baseUrl: addresses.portalUrl });
  const params = { path: { siteSlug } };
  await portal.POST('/api/v1/portal/{siteSlug}/sign-up', { params, body: { name, email, password } });
  const token = new URL(await linkInMail(addresses, { to: email, from: 'portal' })).hash.replace(/^#token=/, '');
  const { id } = await dataOf(portal.POST('/api/v1/portal/{siteSlug}/verify-mail', { params, body: { token } }));
  return id;
}

/** A developer by the portal's API. */
export async function logInAtPortal(
  { portalUrl }: InstallationAddresses,
  { siteSlug, ...body }: { siteSlug: string; email: string; password: string },
): Promise<TollgateClient> {
  const { token } = await dataOf(
    createTollgateClient({ baseUrl: portalUrl }).POST('/api/v1/portal/{siteSlug}/log-in', {
      params: { path: { siteSlug } },
      body,
    }),
  );
  return createTollgateClient({ baseUrl: portalUrl, token });
}

/** Makes an application that wants a plan. @returns the subscription's id. */
export async function wantPlan(
  developer: TollgateClient,
  { siteSlug, name, planId }: { siteSlug: string; name: string; planId: string },
): Promise<string> {
  const params = { path: { siteSlug } };
  const application = await dataOf(
    developer.POST('/api/v1/portal/{siteSlug}/applications', { params, body: { name, description: '' } }),
  );
  const subscription = await dataOf(
    developer.POST('/api/v1/portal/{siteSlug}/subscriptions', {
      params,
      body: { applicationId: application.id, planId },
    }),
  );
  return subscription.id;
}
