import type { CallReportRow, ReportDimension } from '@tollgate/contracts/rest/analytics';

type Cell = string | number | boolean | null | undefined;
type Column = readonly [title: string, cellOf: (row: CallReportRow) => Cell];

const columnsOf: Record<ReportDimension, readonly Column[]> = {
  group: [['groupId', ({ groupId }) => groupId]],
  route: [
    ['routeId', ({ routeId }) => routeId],
    ['routeName', ({ routeName }) => routeName],
  ],
  subscription: [
    ['consumer', ({ consumer }) => consumer],
    ['applicationName', ({ subscription }) => subscription?.applicationName],
    ['productName', ({ subscription }) => subscription?.productName],
    ['planName', ({ subscription }) => subscription?.planName],
  ],
  status: [['status', ({ status }) => status]],
  statusClass: [['statusClass', ({ statusClass }) => statusClass]],
  tried: [['isTried', ({ isTried }) => isTried]],
  minute: [['time', ({ time }) => time]],
  hour: [['time', ({ time }) => time]],
  day: [['time', ({ time }) => time]],
};

const measures: readonly Column[] = [
  ['calls', ({ calls }) => calls],
  ['errors4xx', ({ errors4xx }) => errors4xx],
  ['errors5xx', ({ errors5xx }) => errors5xx],
  ['billable', ({ billable }) => billable],
  ['bytesIn', ({ bytesIn }) => bytesIn],
  ['bytesOut', ({ bytesOut }) => bytesOut],
  ['meanMs', ({ latency }) => latency?.meanMs],
  ['p50Ms', ({ latency }) => latency?.p50Ms],
  ['p95Ms', ({ latency }) => latency?.p95Ms],
  ['p99Ms', ({ latency }) => latency?.p99Ms],
];

/** Spreadsheets tell UTF-8 by it. */
const byteOrderMark = '\uFEFF';
/** What spreadsheets take for the beginning of a formula, whatever stands before it in the file. */
const formula = /^\s*[=+\-@\t\r]/;

/** The rows of a report as RFC 4180 has it, with the columns that they are grouped by. */
export function reportCsv(rows: readonly CallReportRow[], groupBy: readonly ReportDimension[]): string {
  const columns = [...groupBy.flatMap((dimension) => columnsOf[dimension]), ...measures];
  const lines = [
    columns.map(([title]) => title),
    ...rows.map((row) => columns.map(([, cellOf]) => toCell(cellOf(row)))),
  ];
  return `${byteOrderMark}${lines.map((cells) => `${cells.join(',')}\r\n`).join('')}`;
}

function toCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
