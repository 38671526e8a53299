import type { TollgateClient } from '@tollgate/client';
import { dataOf } from '../../journey/world.ts';
import type { CountedSums } from './ledger.ts';
import type { SoldGroup } from './sold-group.ts';

const minuteMs = 60_000;

/** What analytics reports of a group since `since`, and what the months since then are billed at. */
export async function readCounts(admin: TollgateClient, group: SoldGroup, since: Date): Promise<CountedSums> {
  const from = new Date(Math.floor(since.getTime() / minuteMs - 60) * minuteMs);
  const to = new Date(Math.ceil(Date.now() / minuteMs + 10) * minuteMs);
  const report = await dataOf(
    admin.GET('/api/v1/reports/calls', {
      params: { query: { from: from.toISOString(), to: to.toISOString(), groupId: group.id } },
    }),
  );
  let billed = 0;
  for (const period of new Set([since, new Date()].map((time) => time.toISOString().slice(0, 7)))) {
    const { lines } = await dataOf(admin.GET('/api/v1/billing/preview', { params: { query: { period } } }));
    for (const line of lines) if (line.consumer === group.subscriptionId) billed += line.billableCalls;
  }
  return { counted: report.total.calls, billed };
}
