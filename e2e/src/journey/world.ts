import { createTollgateClient, type TollgateClient } from '@tollgate/client';
import type { JourneyLog } from './journey-log.ts';

/** The installation that a journey is played against. */
export interface InstallationAddresses {
  consoleUrl: string;
  portalUrl: string;
  operator: { email: string; password: string };
}

/** Whom the journey invents. */
export interface Cast {
  slug: string;
  admin: { name: string; email: string; password: string };
  developer: { name: string; email: string; password: string };
}

/** What every part of the journey works with. */
export interface World {
  installation: InstallationAddresses;
  cast: Cast;
  log: JourneyLog;
  /** Folder for the second gateway's state, credentials of the command line and the like. */
  folder: string;
}

/** A cast that no earlier journey had. */
export function newCast(): Cast {
  const unique = `${Date.now().toString(36)}${Math.floor(Math.random() * 46_656).toString(36)}`;
  const password = `a long pass phrase ${unique}`;
  return {
    slug: `demo-${unique}`,
    admin: { name: 'Ada Admin', email: `ada-${unique}@example.com`, password },
    developer: { name: 'Dan Developer', email: `dan-${unique}@example.com`, password },
  };
}

/** A client of the console's API with this token. */
export function consoleClient(world: World, token?: string): TollgateClient {
  return createTollgateClient({
    baseUrl: world.installation.consoleUrl,
    ...(token === undefined ? {} : { token }),
    userAgent: 'tollgate-journey',
  });
}

/** A client of the portal's API with this token. */
export function portalClient(world: World, token?: string): TollgateClient {
  return createTollgateClient({
    baseUrl: world.installation.portalUrl,
    ...(token === undefined ? {} : { token }),
    userAgent: 'tollgate-journey',
  });
}

/** The data of an answer that was not an error. */
export async function dataOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer;
  if (data === undefined) throw new Error('the answer has no body');
  return data;
}
