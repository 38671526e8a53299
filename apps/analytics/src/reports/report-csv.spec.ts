import type { CallReportRow } from '@tollgate/contracts/rest/analytics';
import { describe, expect, it } from 'vitest';
import { reportCsv } from './report-csv.ts';

const row: CallReportRow = {
  calls: 3,
  errors4xx: 1,
  errors5xx: 0,
  billable: 2,
  bytesIn: 4,
  bytesOut: 5,
  latency: null,
};
const routeCellOf = (routeName: string) =>
  reportCsv([{ ...row, routeId: 'r', routeName }], ['route'])
    .split('\r\n', 2)[1]
    ?.replace(/^r,/, '')
    .replace(/,3,.*$/s, '');

describe('a report for spreadsheets', () => {
  it('has a line of titles and a line for each row, with the columns that it is grouped by', () => {
    const latency = { meanMs: 1.5, p50Ms: 1, p95Ms: 2, p99Ms: 3 };
    expect(reportCsv([{ ...row, time: '2026-06-01T00:00:00.000Z', status: 404, latency }], ['day', 'status'])).toBe(
      '\uFEFFtime,status,calls,errors4xx,errors5xx,billable,bytesIn,bytesOut,meanMs,p50Ms,p95Ms,p99Ms\r\n' +
        '2026-06-01T00:00:00.000Z,404,3,1,0,2,4,5,1.5,1,2,3\r\n',
    );
    expect(reportCsv([row], []).split('\r\n')[1]).toBe('3,1,0,2,4,5,,,,');
  });

  it.each([
    ['=1+2', `'=1+2`],
    ['+1', `'+1`],
    ['-1', `'-1`],
    ['@SUM(A1)', `'@SUM(A1)`],
    [' =1', `' =1`],
    ['\t=1', `'\t=1`],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['a, b', '"a, b"'],
    ['a=b', 'a=b'],
    ['订单', '订单'],
  ])('writes %j as %j', (name, cell) => {
    expect(routeCellOf(name)).toBe(cell);
  });
});
