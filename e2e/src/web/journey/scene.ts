import { createTollgateClient } from '@tollgate/client';
import type { Browser } from 'playwright-core';
import { type Cast, dataOf, type InstallationAddresses, newCast } from '../../journey/world.ts';
import { poll } from '../../support/poll.ts';
import { type RecordingUpstream, startRecordingUpstream } from '../../support/recording-upstream.ts';
import type { Variant } from '../variants.ts';
import { GatewayClient } from './gateway-client.ts';
import { Person } from './person.ts';

/** Who and what is on the scene. */
export interface Scene {
  readonly addresses: InstallationAddresses;
  readonly cast: Cast;
  readonly admin: Person;
  readonly developer: Person;
  /** The API behind the gateway. */
  readonly upstream: RecordingUpstream;
  /** The program that calls it through the gateway. */
  readonly client: GatewayClient;
  readonly close: () => Promise<void>;
}

/** An administrator and a developer at browsers of their own, a back end and a client; nobody has done anything yet. */
export async function setScene(
  browser: Browser,
  { addresses, variant }: { addresses: InstallationAddresses; variant: Variant },
): Promise<Scene> {
  const origins = [addresses.consoleUrl, addresses.portalUrl].map((url) => new URL(url).origin);
  const upstream = await startRecordingUpstream();
  const admin = await Person.sitDown(browser, { app: 'console', variant, origins });
  const developer = await Person.sitDown(browser, { app: 'portal', variant, origins });
  const client = new GatewayClient();
  const close = async (): Promise<void> => {
    await Promise.all([admin.leave(), developer.leave(), client.close()]);
    await upstream.stop();
  };
  return { addresses, cast: newCast(), admin, developer, upstream, client, close };
}

/** The link in the newest mail to an address, which the installation has kept for its operator. */
export async function linkInMail({ consoleUrl, operator }: InstallationAddresses, to: string): Promise<string> {
  const { token } = await dataOf(
    createTollgateClient({ baseUrl: consoleUrl }).POST('/api/v1/auth/login', { body: operator }),
  );
  const staff = createTollgateClient({ baseUrl: consoleUrl, token });
  return poll(
    `a mail to ${to}`,
    async () => {
      const { items } = await dataOf(staff.GET('/api/v1/portal-mails', { params: { query: { to } } }));
      const mailId = items[0]?.id;
      if (mailId === undefined) return undefined;
      const { text } = await dataOf(staff.GET('/api/v1/portal-mails/{mailId}', { params: { path: { mailId } } }));
      return /https?:\/\/\S+token=[\w.~-]+/.exec(text ?? '')?.[0];
    },
    { withinMs: 15_000, everyMs: 100 },
  );
}
