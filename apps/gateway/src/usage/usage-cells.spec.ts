import { newId } from '@tollgate/contracts';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { expect, it } from 'vitest';
import { UsageCells } from './usage-cells.ts';

it('what was tried is never added to what was called', () => {
  const row: UsageRow = {
    minute: 3660,
    groupId: newId('grp'),
    tenantId: newId('tnt'),
    routeId: 'r',
    consumer: 'c',
    status: 200,
    calls: 1,
    billable: 1,
    latencySumUs: 1,
    latency: [[1, 1]],
    bytesIn: 1,
    bytesOut: 1,
  };
  const tried: UsageRow = { ...row, tried: true, billable: 0 };
  const cells = new UsageCells();
  cells.add([row, tried, row, tried]);
  cells.coarsen(3600, 7200);
  expect(cells.rows()).toMatchObject([
    { minute: 3600, calls: 2, billable: 2 },
    { minute: 3600, calls: 2, billable: 0, tried: true },
  ]);
  expect(cells.rows()[0]).not.toHaveProperty('tried');
});
