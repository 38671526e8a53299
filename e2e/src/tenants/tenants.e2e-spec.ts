import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDescription, fillPath, type Operation, readApi } from '../api/operations.ts';
import { crawl, type KnownObjects } from '../api/crawl.ts';
import { Samples } from '../api/samples.ts';
import { type ApiAnswer, send } from '../api/send.ts';
import { startInstallation } from '../installation/start-installation.ts';
import { playJourney } from '../journey/journey.ts';
import { JourneyLog } from '../journey/journey-log.ts';
import { type Cast, consoleClient, dataOf, newCast, portalClient, type World } from '../journey/world.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { furnish } from './furnish.ts';

/** Ids of the same form that never existed. */
function neverExisted(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const turned = (id: string): string => id.replace(/_[0-9a-v]{26}$/, `_${'0'.repeat(25)}g`);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const other = turned(value);
      return [name, other !== value ? other : /^\d+$/.test(value) ? '2000000000' : `never-${name.toLowerCase()}`];
    }),
  );
}

/** What may differ between two answers: the id of the request, and the path that it repeats. */
function comparable({ status, text, contentType }: ApiAnswer): unknown {
  if (!contentType.includes('json') || text === '') return { status, text };
  const { requestId: _requestId, instance: _instance, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return { status, ...rest };
}

/** What belongs to nobody: the catalogue of policy types is the same for all. Operators' endpoints are no tenant's either. */
const ofNoTenant = new Set(['getPolicyType']);

interface Realm {
  name: string;
  access: Operation['access'][];
  baseUrl: string;
  /** Token of somebody in the second tenant. */
  stranger: string;
  /** Objects of the first tenant. */
  known: KnownObjects;
}

let world: World;
let api: ApiDescription;
let samples: Samples;
let realms: Realm[];
const ends: (() => Promise<void>)[] = [];

async function logInDeveloper(cast: Cast, siteSlug: string): Promise<string> {
  const session = await dataOf(
    portalClient(world).POST('/api/v1/portal/{siteSlug}/log-in', {
      params: { path: { siteSlug } },
      body: { email: cast.developer.email, password: cast.developer.password },
    }),
  );
  return session.token;
}

beforeAll(async () => {
  const folder = await temporaryFolder('tenants');
  ends.push(folder.remove);
  const installation = await startInstallation({
    dataDir: `${folder.path}/data`,
    env: { RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_SENSITIVE_PER_MINUTE: '1000000' },
  });
  ends.push(installation.stop);
  const casts = [newCast(), newCast()] as const;
  const sessions: { token: string; developer: string; siteSlug: string }[] = [];
  for (const cast of casts) {
    world = {
      installation: installation.addresses,
      cast,
      log: new JourneyLog(),
      folder: `${folder.path}/${cast.slug}`,
    };
    await playJourney(world);
    const { token } = await dataOf(
      consoleClient(world).POST('/api/v1/auth/login', {
        body: { email: cast.admin.email, password: cast.admin.password },
      }),
    );
    await furnish(world, token);
    const siteSlug = (await dataOf(consoleClient(world, token).GET('/api/v1/portal-sites'))).items[0]?.slug ?? '';
    sessions.push({ token, siteSlug, developer: await logInDeveloper(cast, siteSlug) });
  }
  const [first, second] = sessions;
  if (first === undefined || second === undefined) throw new Error('two tenants are needed');
  const { consoleUrl, portalUrl } = installation.addresses;
  api = await readApi(consoleUrl);
  samples = new Samples(api, 7);
  const consoleAccess: Operation['access'][] = ['authenticated', 'permission'];
  realms = [
    {
      name: 'console',
      access: consoleAccess,
      baseUrl: consoleUrl,
      stranger: second.token,
      known: await crawl(consoleUrl, api, { token: first.token, access: consoleAccess }),
    },
    {
      name: 'portal',
      access: ['developer'],
      baseUrl: portalUrl,
      stranger: second.developer,
      known: await crawl(portalUrl, api, {
        token: first.developer,
        access: ['developer'],
        roots: { siteSlug: first.siteSlug },
      }),
    },
  ];
}, 300_000);

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

describe('another tenant’s objects', () => {
  it('are answered exactly like objects that never existed, on every endpoint that names one', async () => {
    const differences: unknown[] = [];
    const unreached: string[] = [];
    let compared = 0;
    for (const realm of realms) {
      for (const operation of api.operations) {
        if (operation.pathParameters.length === 0 || !realm.access.includes(operation.access)) continue;
        if (ofNoTenant.has(operation.id) || operation.permission?.startsWith('operator.')) continue;
        const theirs = realm.known.for(operation);
        if (theirs === undefined) {
          unreached.push(operation.id);
          continue;
        }
        const body = operation.body === undefined ? undefined : samples.of(operation.body);
        const ask = (parameters: Readonly<Record<string, string>>): Promise<ApiAnswer> =>
          send(realm.baseUrl, { operation, target: fillPath(operation.path, parameters), token: realm.stranger, body });
        const [real, never] = [await ask(theirs), await ask(neverExisted(theirs))];
        compared += 1;
        const isSame = JSON.stringify(comparable(real)) === JSON.stringify(comparable(never));
        if (!isSame || real.status < 400)
          differences.push({ operation: operation.id, real: comparable(real), never: comparable(never) });
      }
    }
    expect(differences).toEqual([]);
    expect({ unreached }).toEqual({ unreached: [] });
    expect(compared).toBeGreaterThan(60);
  });

  it('are in none of the lists that a stranger can read', async () => {
    const leaks: unknown[] = [];
    for (const realm of realms) {
      const foreign = [...realm.known.ids].filter((id) => !id.startsWith('pool_') && !id.startsWith('dp_'));
      for (const operation of api.operations) {
        if (
          operation.kind !== 'list' ||
          operation.pathParameters.length > 0 ||
          !realm.access.includes(operation.access)
        )
          continue;
        const { text } = await send(realm.baseUrl, { operation, target: operation.path, token: realm.stranger });
        leaks.push(...foreign.filter((id) => text.includes(id)).map((id) => ({ operation: operation.id, id })));
      }
    }
    expect(leaks).toEqual([]);
  });

  it('cannot be reached with a credential of the other realm', async () => {
    const [ofConsole, ofPortal] = realms;
    const wrong: unknown[] = [];
    for (const [realm, token] of [
      [ofConsole, ofPortal?.stranger],
      [ofPortal, ofConsole?.stranger],
    ] as const) {
      if (realm === undefined || token === undefined) throw new Error('two realms are needed');
      for (const operation of api.operations.filter(
        ({ access, method }) => realm.access.includes(access) && method === 'GET',
      )) {
        const target = fillPath(
          operation.path,
          realm.known.for(operation) ?? Object.fromEntries(operation.pathParameters.map((name) => [name, 'x'])),
        );
        const { status } = await send(realm.baseUrl, { operation, target, token });
        if (status !== 401) wrong.push({ operation: operation.id, status });
      }
    }
    expect(wrong).toEqual([]);
  });
});
