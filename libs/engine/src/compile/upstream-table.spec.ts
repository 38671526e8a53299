import { upstreamSchema } from '@tollgate/contracts/gateway';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultResilience } from '../upstream/resilience.ts';
import { UpstreamPool } from '../upstream/upstream-pool.ts';
import { UpstreamTable } from './upstream-table.ts';

afterEach(() => vi.restoreAllMocks());

const surroundings = {
  now: Date.now,
  tenantId: () => 't1',
  resilience: () => defaultResilience,
  health: null,
  discovery: null,
};
const upstream = (host: string) => upstreamSchema.parse({ nodes: { [host]: 1 } });

function tableWith(host: string): { table: UpstreamTable; first: UpstreamPool | null } {
  const table = new UpstreamTable(
    (owner, written, previous) =>
      new UpstreamPool(written, { ...surroundings, key: { groupId: 'g1', owner } }, previous),
  );
  table.compile('upstream', 'u1', { before: undefined, after: upstream(host) });
  table.keep();
  return { table, first: table.get('upstream', 'u1') };
}

/** The pools that are retired from now on. */
function watchRetired(): UpstreamPool[] {
  const retired: UpstreamPool[] = [];
  vi.spyOn(UpstreamPool.prototype, 'retire').mockImplementation(function (this: UpstreamPool) {
    retired.push(this);
  });
  return retired;
}

describe('the connections of an upstream', () => {
  it('stay when it is written again as it was', () => {
    const { table, first } = tableWith('a.test:80');
    const retired = watchRetired();
    table.compile('upstream', 'u1', { before: upstream('a.test:80'), after: upstream('a.test:80') });
    table.keep();
    expect(table.get('upstream', 'u1')).toBe(first);
    expect(retired).toEqual([]);
  });

  it.each([
    ['changed', upstream('b.test:80')],
    ['taken away', undefined],
  ])('are let go once it is %s, not before', (_name, next) => {
    const { table, first } = tableWith('a.test:80');
    const retired = watchRetired();
    table.compile('upstream', 'u1', { before: upstream('a.test:80'), after: next });
    expect(retired).toEqual([]);
    table.keep();
    expect(retired).toEqual([first]);
  });

  it('stay, and those of the other one go, when the change is refused', () => {
    const { table, first } = tableWith('a.test:80');
    const retired = watchRetired();
    table.compile('upstream', 'u1', { before: upstream('a.test:80'), after: upstream('b.test:80') });
    const refused = table.get('upstream', 'u1');
    table.discard();
    expect(retired).toEqual([refused]);
    expect(table.get('upstream', 'u1')).toBe(first);
  });

  it('are those of the last one, when a change names it more than once', () => {
    const { table, first } = tableWith('a.test:80');
    const before = upstream('a.test:80');
    const retired = watchRetired();
    table.compile('upstream', 'u1', { before, after: upstream('b.test:80') });
    const second = table.get('upstream', 'u1');
    table.compile('upstream', 'u1', { before, after: upstream('c.test:80') });
    const third = table.get('upstream', 'u1');
    expect(retired).toEqual([second]);
    table.compile('upstream', 'u1', { before, after: before });
    table.keep();
    expect(retired).toEqual([second, third]);
    expect(table.get('upstream', 'u1')).toBe(first);
  });
});
