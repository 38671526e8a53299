import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { checkCatalogue } from './check-catalogue.ts';

let test: TestDatabase;

beforeEach(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
});
afterEach(() => test.drop());

describe('the catalogue check', () => {
  it('finds nothing in a schema made with the library', async () => {
    expect(await checkCatalogue(test.adminUrl, [sampleSchema])).toEqual([]);
  });

  it.each([
    ['a table without tenant', 'create table analytics.loose (id text primary key)', 'loose', 'has no tenant_id'],
    [
      'a table without row-level security',
      'alter table analytics.notes disable row level security',
      'notes',
      'has no row-level security',
    ],
    [
      'a table that spares its owner',
      'alter table analytics.notes no force row level security',
      'notes',
      'does not force',
    ],
    ['a table without policy', 'drop policy tenant_isolation on analytics.notes', 'notes', 'has no tenant policy'],
    [
      'a second policy that lets all rows through',
      'create policy open on analytics.notes to tollgate_analytics_app using (true)',
      'notes',
      'policy open lets rows of other tenants be read',
    ],
    [
      'a policy that checks reading only',
      `alter policy tenant_isolation on analytics.notes with check (true)`,
      'notes',
      'be written',
    ],
    [
      'a unique name across tenants',
      'create unique index loose_title on analytics.notes (title)',
      'loose_title',
      'is unique across tenants',
    ],
    [
      'a unique expression across tenants',
      'create unique index loose_lower on analytics.notes (lower(title))',
      'loose_lower',
      'is unique across tenants',
    ],
    [
      'a table opened to the system role',
      'grant select on analytics.secrets to tollgate_analytics_system',
      'secrets',
      'is open to the system role',
    ],
    [
      'a right of the log-in role',
      'grant select on analytics.notes to tollgate_analytics',
      'tollgate_analytics',
      'holds rights of its own on analytics.notes',
    ],
    [
      'a right on another schema',
      'create schema other; grant usage on schema other to tollgate_analytics_app',
      'tollgate_analytics_app',
      'holds rights on schema other',
    ],
    [
      'a right on another schema’s table',
      'create table public.other (id text); grant select on public.other to tollgate_analytics_app',
      'tollgate_analytics_app',
      'holds rights on public.other',
    ],
    [
      'a function with its owner’s rights',
      `create function analytics.peek() returns bigint language sql security definer return 1`,
      'peek',
      'is a security definer function',
    ],
    ['an exception that matches nothing', 'drop table analytics.names', 'names', 'does not exist'],
  ])('finds %s', async (_what, breakIt, object, problem) => {
    await test.query(breakIt);
    const findings = await checkCatalogue(test.adminUrl, [sampleSchema]);
    expect(findings).toContainEqual({
      schema: 'analytics',
      object,
      problem: expect.stringContaining(problem) as string,
    });
  });
});
