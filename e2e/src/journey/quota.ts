import type { TollgateClient } from '@tollgate/client';
import type { Answer, Caller } from '../support/caller.ts';
import { poll } from '../support/poll.ts';
import { subscribe } from './developer.ts';
import { expectThat } from './journey-log.ts';
import { sellProduct } from './products.ts';
import { dataOf, type World } from './world.ts';

/** What came of a small quota. */
export interface QuotaUse {
  /** The quota. */
  calls: number;
  /** Calls that were answered with 200 before all data planes refused. */
  passed: number;
  dataPlanes: number;
  /** Most calls that a data plane may answer beyond what the control plane knows: its share of the whole quota. */
  lease: number;
}

const quota = { calls: 40, period: 'month' } as const;
const dataPlanes = 2;

function isQuotaRefusal(answer: Answer): boolean {
  if (answer.status !== 429) return false;
  const { code } = JSON.parse(answer.body) as { code?: string };
  expectThat(code === 'gateway.quota_exhausted', `the refusal has the quota’s code, not ${code}`);
  return true;
}

/** Nothing is left, rather than that this data plane waits for the next part of what is. */
const isFinal = (answer: Answer): boolean => Number(answer.headers['retry-after']) > 1;

/** Calls both data planes in turns until both say that the quota is used up; tells how many calls passed. */
async function callUntilRefused(caller: Caller, path: string, key: string): Promise<number> {
  let passed = 0;
  await poll(
    'both data planes refuse for good',
    async () => {
      const answers = [await caller.call(path, { key, gateway: 0 }), await caller.call(path, { key, gateway: 1 })];
      passed += answers.filter(({ status }) => status === 200).length;
      for (const answer of answers) {
        expectThat(answer.status === 200 || isQuotaRefusal(answer), `200 or 429, not ${answer.status}: ${answer.body}`);
      }
      return answers.every((answer) => answer.status === 429 && isFinal(answer)) ? true : undefined;
    },
    { withinMs: 60_000, everyMs: 10 },
  );
  return passed;
}

/** Uses up a small quota on two data planes; developer and admin see how much of it is used. */
export async function useUpQuota(
  world: World,
  { admin, developer, caller }: { admin: TollgateClient; developer: TollgateClient; caller: Caller },
  where: { groupId: string; site: { slug: string }; applicationId: string },
): Promise<QuotaUse> {
  const { log } = world;
  const sold = await sellProduct(world, admin, where.groupId, {
    name: 'Emojis',
    path: '/emojis',
    approval: 'automatic',
    callsPerMinute: 1000,
    quota,
  });
  const { key, subscriptionId } = await subscribe(world, developer, where.site.slug, where.applicationId, sold);
  for (const gateway of [0, 1]) {
    await poll(
      'the key is known',
      async () => ((await caller.call('/zen', { key, gateway })).status === 403 ? true : undefined),
      { withinMs: 10_000, everyMs: 20 },
    );
  }
  const passed = await log.step(
    `Use up a quota of ${quota.calls} calls on ${dataPlanes} data planes`,
    `GET ${sold.path} until both refuse`,
    () => callUntilRefused(caller, sold.path, key),
    (calls) => `429 after ${calls} calls, ${calls - quota.calls} over the quota`,
  );
  const path = { siteSlug: where.site.slug, subscriptionId };
  const seen = await log.step(
    'Developer and administrator see that nothing is left',
    'GET …/subscriptions/{id}/quota',
    () =>
      poll(
        'all calls are metered',
        async () => {
          const mine = await dataOf(
            developer.GET('/api/v1/portal/{siteSlug}/subscriptions/{subscriptionId}/quota', { params: { path } }),
          );
          return mine.used === passed ? mine : undefined;
        },
        { withinMs: 10_000, everyMs: 100 },
      ),
    ({ used, remaining }) => `${used} used, ${remaining} left`,
  );
  const shown = await dataOf(
    admin.GET('/api/v1/subscriptions/{subscriptionId}/quota', { params: { path: { subscriptionId } } }),
  );
  expectThat(shown.used === seen.used && seen.remaining === 0, 'both see the same, and nothing is left');
  return { calls: quota.calls, passed, dataPlanes, lease: Math.floor(quota.calls / dataPlanes) };
}
