import type { Browser } from 'playwright-core';
import { type Cast, type InstallationAddresses, newCast } from '../../journey/world.ts';
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
