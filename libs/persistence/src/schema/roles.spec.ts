import { describe, expect, it } from 'vitest';
import { rolePassword, runtimeDatabaseUrl } from './roles.ts';
import { tenantTable } from './table-access.ts';
import { defineServiceSchema } from './service-schema.ts';

const adminUrl = 'postgres://admin:s%40cret@db.example:5433/tollgate?sslmode=require';

describe('the address of a service', () => {
  it('keeps server, database and options and has the service’s own role', () => {
    const url = new URL(runtimeDatabaseUrl({ adminUrl, masterKey: 'k'.repeat(32), service: 'gateway-manager' }));
    expect([url.host, url.pathname, url.search]).toEqual(['db.example:5433', '/tollgate', '?sslmode=require']);
    expect(url.username).toBe('tollgate_gateway');
    expect(url.password).toBe(rolePassword('k'.repeat(32), 'tollgate_gateway'));
    expect(url.href).not.toContain('cret');
  });

  it('has a password that follows from master key and role, and is the same nowhere else', () => {
    const passwords = ['k', 'l'].flatMap((letter) =>
      ['tollgate_iam', 'tollgate_gateway'].map((role) => rolePassword(letter.repeat(32), role)),
    );
    expect(new Set(passwords).size).toBe(4);
    expect(passwords.every((password) => /^[\w-]{43}$/.test(password))).toBe(true);
  });
});

describe('the SQL of a table', () => {
  it.each(['notes', 'iam.notes; drop table x', 'IAM.notes', 'iam.'])('is not made for %s', (name) => {
    expect(() => tenantTable(name)).toThrow(/schema\.table/);
  });
});

describe('a service schema', () => {
  it('cannot declare a purpose of the platform anew', () => {
    const declare = () =>
      defineServiceSchema({ service: 'iam', entities: [], migrations: [], systemPurposes: { 'outbox-relay': 'mine' } });
    expect(declare).toThrow(/belongs to the platform/);
  });
});
