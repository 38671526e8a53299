import type { TollgateClient } from '@tollgate/client';
import type { Caller } from '../support/caller.ts';
import { poll } from '../support/poll.ts';
import { expectThat } from './journey-log.ts';
import { unitPrice } from './products.ts';
import { dataOf, type World } from './world.ts';

/** What the caller, analytics and billing each say. */
export interface Books {
  calls: number;
  counted: number;
  billable: number;
  billed: number;
}

/** Whole-minute range around now, wide enough for a journey that passes midnight. */
function aroundNow(): { from: string; to: string } {
  const minute = 60_000;
  const now = Math.floor(Date.now() / minute) * minute;
  return { from: new Date(now - 60 * minute).toISOString(), to: new Date(now + 10 * minute).toISOString() };
}

/** Waits until analytics has counted every call the caller made, holds the reports against the caller's books, and reads the billing preview. */
export async function checkBooks(world: World, admin: TollgateClient, groupId: string, caller: Caller): Promise<Books> {
  const { log } = world;
  const read = (groupBy: string) =>
    dataOf(
      admin.GET('/api/v1/reports/calls', {
        params: { query: { ...aroundNow(), groupId, groupBy: groupBy as unknown as never } },
      }),
    );
  const report = await log.step(
    'Analytics counts every call',
    'GET /api/v1/reports/calls?groupBy=status',
    async () => {
      let last = 0;
      return poll(
        'all calls are counted',
        async () => {
          const found = await read('status');
          last = found.total.calls;
          return last >= caller.calls ? found : undefined;
        },
        { withinMs: 20_000, everyMs: 100 },
      ).catch((error: unknown) => {
        throw new Error(`counted ${last} of ${caller.calls} calls`, { cause: error });
      });
    },
    ({ total }) => `${total.calls} calls, ${total.billable} billable`,
  );
  for (const [status, calls] of caller.statuses) {
    const counted = report.rows.find((row) => row.status === status)?.calls ?? 0;
    expectThat(counted === calls, `status ${status}: ${calls} seen, ${counted} counted`);
  }
  const byRoute = await read('route');
  expectThat(
    byRoute.rows.some((row) => row.routeId === 'none'),
    'calls that no route matched are counted under “none”',
  );
  const bySubscription = await read('subscription');
  expectThat(
    bySubscription.rows.reduce((sum, row) => sum + row.calls, 0) === report.total.calls,
    'the report by subscription adds up',
  );
  const preview = await log.step(
    'The billing preview prices the billable ones',
    'GET /api/v1/billing/preview',
    () =>
      dataOf(
        admin.GET('/api/v1/billing/preview', { params: { query: { period: new Date().toISOString().slice(0, 7) } } }),
      ),
    ({ billableCalls, totals }) =>
      `${billableCalls} billable calls, ${totals.map(({ amountMinor, currency }) => `${(amountMinor / 100).toFixed(2)} ${currency}`).join(', ')}`,
  );
  for (const line of preview.lines) {
    expectThat(line.price.unitPrice === unitPrice, 'a line carries the price that was set');
    const exact = line.billableCalls * Number(unitPrice) * 100;
    expectThat(
      Math.abs(line.amountMinor - exact) <= 0.5,
      `a line of ${line.billableCalls} calls costs ${exact} cents, not ${line.amountMinor}`,
    );
  }
  expectThat(preview.lines.length > 0, 'the preview has lines');
  return { calls: caller.calls, counted: report.total.calls, billable: caller.billable, billed: preview.billableCalls };
}
