import Table from 'cli-table3';
import { stringify } from 'yaml';

export const outputFormats = ['table', 'json', 'yaml'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Name of a column and how a row fills it. */
export type Column<T> = readonly [head: string, cell: (row: T) => string | number | null | undefined];

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Rows as a table for people, or as they are for programs. */
export function renderRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  format: OutputFormat,
  whenEmpty: string,
): string {
  if (format !== 'table') return renderData(rows, format);
  if (rows.length === 0) return `${whenEmpty}\n`;
  const table = new Table({
    head: columns.map(([head]) => head.toUpperCase()),
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(columns.map(([, cell]) => String(cell(row) ?? '-')));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

/** One object as `name  value` lines for people, or as it is for programs. */
export function renderObject(value: Readonly<Record<string, unknown>>, format: OutputFormat): string {
  if (format !== 'table') return renderData(value, format);
  const width = Math.max(...Object.keys(value).map((key) => key.length));
  return Object.entries(value)
    .map(([key, member]) => `${key.padEnd(width)}  ${typeof member === 'string' ? member : JSON.stringify(member)}\n`)
    .join('');
}

function renderData(value: unknown, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(value);
}
