import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crawl, type KnownObjects } from '../api/crawl.ts';
import { type ApiDescription, type Operation, readApi } from '../api/operations.ts';
import { Samples } from '../api/samples.ts';
import { send } from '../api/send.ts';
import { startInstallation } from '../installation/start-installation.ts';
import { playJourney } from '../journey/journey.ts';
import { JourneyLog } from '../journey/journey-log.ts';
import { consoleClient, dataOf, newCast, portalClient, type World } from '../journey/world.ts';
import { poll } from '../support/poll.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fuzzedRequests } from './mutations.ts';

/** The same requests at every run. `FUZZ_SEED` and `FUZZ_SECONDS` make another or a longer one. */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_121);
const seconds = Number(process.env.FUZZ_SECONDS ?? 60);

let world: World;
let api: ApiDescription;
let ofConsole: KnownObjects;
let ofPortal: KnownObjects;
let siteSlug: string;
const tokens = { console: '', developer: '' };
const ends: (() => Promise<void>)[] = [];

async function logIn(): Promise<void> {
  const { admin, developer } = world.cast;
  tokens.console = (
    await dataOf(
      consoleClient(world).POST('/api/v1/auth/login', { body: { email: admin.email, password: admin.password } }),
    )
  ).token;
  siteSlug =
    (await dataOf(consoleClient(world, tokens.console).GET('/api/v1/portal-sites'))).items[0]?.slug ?? siteSlug;
  const session = portalClient(world).POST('/api/v1/portal/{siteSlug}/log-in', {
    params: { path: { siteSlug } },
    body: { email: developer.email, password: developer.password },
  });
  tokens.developer = (await dataOf(session)).token;
}

/** Until then a request that is tried waits for an answer that cannot come, and is answered 504 as it should be. */
async function ownDataPlanesAreGone(): Promise<true | undefined> {
  const { items } = await dataOf(consoleClient(world, tokens.console).GET('/api/v1/data-planes'));
  return items.every(({ shared, status }) => shared || status === 'offline') ? true : undefined;
}

beforeAll(async () => {
  const folder = await temporaryFolder('fuzz');
  ends.push(folder.remove);
  const installation = await startInstallation({
    dataDir: `${folder.path}/data`,
    env: { RATE_LIMIT_PER_MINUTE: '1000000', RATE_LIMIT_SENSITIVE_PER_MINUTE: '1000000' },
  });
  ends.push(installation.stop);
  world = { installation: installation.addresses, cast: newCast(), log: new JourneyLog(), folder: folder.path };
  await playJourney(world);
  await logIn();
  await poll('the gateway that the journey ended is known to be gone', ownDataPlanesAreGone, {
    withinMs: 90_000,
    everyMs: 500,
  });
  api = await readApi(installation.addresses.consoleUrl);
  ofConsole = await crawl(installation.addresses.consoleUrl, api, {
    token: tokens.console,
    access: ['authenticated', 'permission'],
  });
  ofPortal = await crawl(installation.addresses.portalUrl, api, {
    token: tokens.developer,
    access: ['developer', 'public'],
    roots: { siteSlug },
  });
}, 300_000);

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** What ends the session or the person that the fuzzer acts as would only make every later answer a 401. */
const endsTheCaller = new Set([
  'logOut',
  'endSession',
  'changePassword',
  'logOutDeveloper',
  'eraseMyDeveloper',
  'suspendDeveloper',
  'suspendTenant',
  'removeMember',
  'switchTenant',
]);

const isOfDeveloper = ({ access, path }: Operation): boolean =>
  access === 'developer' || path.startsWith('/api/v1/portal/');

describe('wrong input on every endpoint', () => {
  it(
    'gives a 4xx problem document, never a 5xx, never a hang',
    async () => {
      const deadline = performance.now() + seconds * 1000;
      const reached = new Map<string, number>();
      const parametersFor = (operation: Operation): Readonly<Record<string, string>> => ({
        siteSlug,
        ...(isOfDeveloper(operation) ? ofPortal : ofConsole).for(operation),
      });
      const fuzzed = { ...api, operations: api.operations.filter(({ id }) => !endsTheCaller.has(id)) };
      /** One example of each kind. */
      const failures = new Map<string, unknown>();
      await fc.assert(
        fc.asyncProperty(fuzzedRequests(fuzzed, new Samples(api, seed), parametersFor), async (request) => {
          const isDeveloper = isOfDeveloper(request.operation);
          const { consoleUrl, portalUrl } = world.installation;
          const token = isDeveloper ? tokens.developer : tokens.console;
          const answer = await send(isDeveloper ? portalUrl : consoleUrl, {
            ...request,
            ...(request.operation.access === 'public' ? {} : { token }),
          });
          reached.set(request.operation.id, (reached.get(request.operation.id) ?? 0) + 1);
          const isProblem = answer.status < 400 || answer.contentType.startsWith('application/problem+json');
          if (answer.status < 500 && isProblem) return;
          const { operation, target, body, headers } = request;
          failures.set(`${operation.id} ${answer.status} ${answer.text.slice(0, 60)}`, {
            method: operation.method,
            target,
            body,
            headers,
            answer,
          });
        }),
        {
          seed,
          numRuns: 1_000_000,
          interruptAfterTimeLimit: seconds * 1000,
          markInterruptAsFailure: false,
          endOnFailure: true,
        },
      );
      expect(performance.now()).toBeGreaterThanOrEqual(deadline - 1000);
      expect([...failures.values()].slice(0, 20)).toEqual([]);
      expect(fuzzed.operations.filter(({ id }) => !reached.has(id)).map(({ id }) => id)).toEqual([]);
    },
    (seconds + 60) * 1000,
  );
});
