import { setImmediate as turn } from 'node:timers/promises';
import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { UsagePoster } from './usage-poster.ts';

/** Far more than a test takes: nothing is posted because time goes by. */
const never = 3_600_000;
const [groupId, tenantId] = [newId('grp'), newId('tnt')];

function call(): UsageRow {
  const sums = { calls: 1, billable: 1, latencySumUs: 100, latency: [], bytesIn: 0, bytesOut: 0 };
  return { minute: 60, groupId, tenantId, routeId: 'r1', consumer: null, status: 200, ...sums };
}

/** A worker's ledger and what reaches the primary. */
function scene(everyMs: number) {
  let waiting: UsageRow[] = [];
  const posts: number[] = [];
  const poster = new UsagePoster({
    drain: () => waiting.splice(0),
    post: (rows) => posts.push(rows.length),
    everyMs,
  });
  const answer = (): void => {
    waiting = [...waiting, call()];
    if (waiting.length === 1) poster.counted();
  };
  return { poster, posts, answer };
}

describe('counters on their way to the primary', () => {
  it('are posted in the turn of the event loop that counted them, together', async () => {
    const { posts, answer } = scene(never);
    answer();
    answer();
    await turn();
    expect(posts).toEqual([2]);
  });

  it('are gathered when there was a post just before', async () => {
    const { posts, answer } = scene(50);
    answer();
    await turn();
    const posted = performance.now();
    answer();
    await turn();
    answer();
    await eventually(() => expect(posts).toEqual([1, 2]), { withinMs: 3000 });
    expect(performance.now() - posted).toBeGreaterThan(40);
  });

  it('are posted at once when somebody asks, and not again', async () => {
    const { poster, posts, answer } = scene(never);
    answer();
    poster.post();
    poster.post();
    await turn();
    expect(posts).toEqual([1]);
  });
});
