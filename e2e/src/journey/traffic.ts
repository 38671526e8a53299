import type { TollgateClient } from '@tollgate/client';
import type { Answer, Caller } from '../support/caller.ts';
import { median, poll } from '../support/poll.ts';
import { currentRevision } from './admin.ts';
import type { HeldKey } from './developer.ts';
import { expectThat } from './journey-log.ts';
import { planCallsPerMinute } from './products.ts';
import { dataOf, type World } from './world.ts';

const tight = { withinMs: 10_000, everyMs: 4 };

function expectProblem(answer: Answer, status: number, what: string): void {
  expectThat(
    answer.status === status,
    `${what} is answered with ${status}, not ${answer.status}: ${answer.body.slice(0, 300)}`,
  );
  expectThat(
    String(answer.headers['content-type']).startsWith('application/problem+json'),
    `${what} gets a problem document`,
  );
  const problem = JSON.parse(answer.body) as { status?: number; code?: string };
  expectThat(
    problem.status === status && typeof problem.code === 'string',
    `${what} gets a problem document with status and code`,
  );
}

/** Approves the subscription and measures until the key passes; before it the key is refused with 403. */
export async function approveAndUse(
  world: World,
  admin: TollgateClient,
  caller: Caller,
  held: HeldKey,
  path: string,
): Promise<number> {
  await world.log.step(
    'A key of a subscription that waits for approval is refused',
    `GET ${path} with the key`,
    () =>
      poll(
        'the pending key is known and refused',
        async () => {
          const answer = await caller.call(path, { key: held.key });
          return answer.status === 403 ? answer : undefined;
        },
        { withinMs: 10_000, everyMs: 20 },
      ),
    ({ status }) => String(status),
  );
  return world.log.step(
    'An administrator approves the subscription; the key is live without a publish',
    'POST …/approve, then GET until 200',
    async () => {
      const started = performance.now();
      await admin.POST('/api/v1/subscriptions/{subscriptionId}/approve', {
        params: { path: { subscriptionId: held.subscriptionId } },
      });
      await poll(
        'the key passes',
        async () => ((await caller.call(path, { key: held.key })).status === 200 ? true : undefined),
        tight,
      );
      return performance.now() - started;
    },
    (ms) => `200 after ${ms.toFixed(0)} ms`,
  );
}

/** 401, 200, 403, 404 and 429, each as it should be. */
export async function callInEveryWay(
  world: World,
  caller: Caller,
  keys: { held: HeldKey; other: HeldKey; path: string },
): Promise<void> {
  const { log } = world;
  const { path } = keys;
  const once = (title: string, sent: string, status: number, call: () => Promise<Answer>): Promise<void> =>
    log
      .step(title, sent, call, (answer) => `${answer.status} ${answer.headers['content-type'] as string}`)
      .then((answer) => {
        if (status === 200)
          expectThat(answer.status === 200 && answer.isFromUpstream, `${title}: 200 from the upstream`);
        else expectProblem(answer, status, title);
      });
  await once('Without a key', `GET ${path}`, 401, () => caller.call(path));
  await once('With an unknown key', `GET ${path}`, 401, () => caller.call(path, { key: 'tg_nobody_has_this_key' }));
  await once('With the key', `GET ${path}`, 200, () => caller.call(path, { key: keys.held.key }));
  await once('With another product’s key', `GET ${path}`, 403, () => caller.call(path, { key: keys.other.key }));
  await once('Elsewhere', 'GET /there/is/no/such/route/at/all', 404, () =>
    caller.call('/there/is/no/such/route/at/all', { key: keys.held.key }),
  );
  await log.step(
    'Past the plan’s limit',
    `GET ${path} until refused`,
    async () => {
      for (let sent = 1; sent <= planCallsPerMinute * 2 + 2; sent += 1) {
        const answer = await caller.call(path, { key: keys.held.key });
        if (answer.status === 200) continue;
        expectProblem(answer, 429, 'a call past the limit');
        return sent;
      }
      throw new Error('the limit was never reached');
    },
    (sent) => `429 at call ${sent}`,
  );
}

/** Publishes a new route five times; gives the median time from sending the publish to the first call that shows it, in ms. */
export async function measurePublish(
  world: World,
  admin: TollgateClient,
  caller: Caller,
  groupId: string,
  upstreamUrl: string,
): Promise<number> {
  const { hostname, port } = new URL(upstreamUrl);
  return world.log.step(
    'Publish five changes, each timed until a call shows it',
    'PUT …/routes/{id}, POST …/publish, GET until 200',
    async () => {
      const times: number[] = [];
      for (let round = 1; round <= 5; round += 1) {
        const path = `/published-${round}`;
        await admin.PUT('/api/v1/gateway-groups/{groupId}/routes/{resourceId}', {
          params: { path: { groupId, resourceId: `published-${round}` } },
          body: {
            value: { uri: path, upstream: { type: 'roundrobin', nodes: { [`${hostname}:${port}`]: 1 } } },
            policyTemplate: null,
          },
        });
        const baseRevision = await currentRevision(admin, groupId);
        const started = performance.now();
        const publishing = admin.POST('/api/v1/gateway-groups/{groupId}/publish', {
          params: { path: { groupId } },
          body: { baseRevision, note: `round ${round}` },
        });
        await poll(`${path} is live`, async () => ((await caller.call(path)).status === 200 ? true : undefined), tight);
        times.push(performance.now() - started);
        await publishing;
      }
      return median(times);
    },
    (ms) => `median ${ms.toFixed(0)} ms`,
  );
}

/** Revokes the key, then rolls the whole group back: the key stays refused. */
export async function revokeAndRollBack(
  world: World,
  admin: TollgateClient,
  caller: Caller,
  groupId: string,
  held: HeldKey,
  path: string,
): Promise<number> {
  const refusedAfter = await world.log.step(
    'Revoke the key',
    'POST …/revoke, then GET until 401',
    async () => {
      const { subscriptionId, credentialId } = held;
      const started = performance.now();
      await admin.POST('/api/v1/subscriptions/{subscriptionId}/credentials/{credentialId}/revoke', {
        params: { path: { subscriptionId, credentialId } },
      });
      await poll(
        'the key is refused',
        async () => ((await caller.call(path, { key: held.key })).status === 401 ? true : undefined),
        tight,
      );
      return performance.now() - started;
    },
    (ms) => `401 after ${ms.toFixed(0)} ms`,
  );
  expectThat(refusedAfter < 1000, `a revoked key is refused within a second, took ${refusedAfter.toFixed(0)} ms`);
  const before = await currentRevision(admin, groupId);
  await world.log.step(
    'Roll the group back to before the five changes',
    'POST …/rollback, then GET until 404',
    async () => {
      const { items } = await dataOf(
        admin.GET('/api/v1/gateway-groups/{groupId}/revisions', { params: { path: { groupId } } }),
      );
      const target = items.find((item) => item.note === 'first publish');
      if (target === undefined) throw new Error('the first publish is not among the revisions');
      const outcome = await dataOf(
        admin.POST('/api/v1/gateway-groups/{groupId}/rollback', {
          params: { path: { groupId } },
          body: { toRevision: target.revision, note: 'back' },
        }),
      );
      await poll(
        'the rollback is live',
        async () => ((await caller.call('/published-5')).status === 404 ? true : undefined),
        tight,
      );
      return outcome.revision;
    },
    (revision) => `revision ${revision}`,
  );
  expectThat((await currentRevision(admin, groupId)) > before, 'a rollback makes a higher revision');
  const still = await world.log.step(
    'The revoked key is still refused',
    `GET ${path}`,
    () => caller.call(path, { key: held.key }),
    ({ status }) => String(status),
  );
  expectProblem(still, 401, 'a revoked key after a rollback');
  return refusedAfter;
}
