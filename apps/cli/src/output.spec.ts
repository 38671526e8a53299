import { describe, expect, it } from 'vitest';
import { renderObject, renderRows } from './output.ts';

const columns = [
  ['id', (row: { id: string; size: number | null }) => row.id],
  ['size', (row: { id: string; size: number | null }) => row.size],
] as const;
const rows = [
  { id: 'a', size: 10 },
  { id: 'long-one', size: null },
];

describe('what the command line prints', () => {
  it('is a plain table for people, with a dash where there is nothing', () => {
    expect(renderRows(rows, columns, 'table', 'None.')).toBe('ID        SIZE\na         10\nlong-one  -\n');
  });

  it('says so when there are no rows, but gives programs an empty list', () => {
    expect(renderRows([], columns, 'table', 'None.')).toBe('None.\n');
    expect(JSON.parse(renderRows([], columns, 'json', 'None.'))).toEqual([]);
  });

  it('is everything there is for programs', () => {
    expect(JSON.parse(renderRows(rows, columns, 'json', 'None.'))).toEqual(rows);
    expect(renderObject({ name: 'Ada', roles: ['owner'] }, 'yaml')).toBe('name: Ada\nroles:\n  - owner\n');
    expect(renderObject({ name: 'Ada', roles: ['owner'] }, 'table')).toBe('name   Ada\nroles  ["owner"]\n');
  });
});
