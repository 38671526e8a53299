import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCatalogue } from '@tollgate/contracts/errors';
import { languages } from '@tollgate/contracts/languages';
import { describe, expect, it } from 'vitest';
import { policies, policyCatalogue, policyPages, validatePolicies, validatePolicy } from './index.ts';
import { policyPagePath } from './pages/policy-page.ts';

const source = import.meta.dirname;

describe('the registry', () => {
  it('runs policies in this order', () => {
    expect(policies.map(({ name, priority }) => `${priority} ${name}`)).toEqual([
      '12015 request-id',
      '4000 cors',
      '3000 ip-restriction',
      '2500 key-auth',
      '2400 consumer-restriction',
      '1008 proxy-rewrite',
      '1002 limit-count',
      '899 response-rewrite',
      '500 prometheus',
    ]);
  });

  it('has no two policies of one priority and is sorted by it', () => {
    const priorities = policies.map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(priorities.length);
    expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
  });

  it('holds every policy folder', async () => {
    const entries = await readdir(source, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'pages').map(({ name }) => name);
    expect(policies.map(({ name }) => name).sort()).toEqual(folders.sort());
  });

  it.each(policies.map((policy) => [policy.name, policy] as const))('finds every part of %s', async (name, policy) => {
    const pages = languages.map((language) => policyPagePath(name, language).slice(`src/${name}/`.length));
    for (const file of ['schema.ts', `${name}.policy.ts`, `${name}.policy.spec.ts`, ...pages]) {
      expect(existsSync(join(source, name, file)), file).toBe(true);
    }
    const schemaSource = await readFile(join(source, name, 'schema.ts'), 'utf8');
    const imports = [...schemaSource.matchAll(/from '([^']+)'/g)].map(([, module]) => module);
    expect(imports.filter((module) => module !== 'zod' && module !== '../header-changes.ts')).toEqual([]);
    const documented = new Set(errorCatalogue().map(({ code }) => code));
    for (const error of policy.errors) expect(documented).toContain(error.code);
  });

  it('has pages whose tables are those of the schemas', async () => {
    const folder = join(source, '..');
    for (const { path, content } of await policyPages(folder)) {
      expect(await readFile(join(folder, path), 'utf8'), path).toBe(content);
    }
  });
});

describe('the catalogue', () => {
  it('describes every policy and every option', () => {
    for (const entry of policyCatalogue()) {
      expect(entry.title).not.toBe('');
      expect(entry.description).toMatch(/\.$/);
      expect(entry.schema).toMatchObject({ type: 'object' });
      const properties = entry.schema['properties'] as Record<string, { description?: string }>;
      for (const [option, { description }] of Object.entries(properties)) {
        expect(description, `${entry.name}.${option}`).toMatch(/\.$/);
      }
    }
  });

  it('says which policies identify consumers', () => {
    const names = policyCatalogue().flatMap(({ name, credentialSchema }) => (credentialSchema === null ? [] : [name]));
    expect(names).toEqual(['key-auth']);
  });

  it('can be sent as JSON', () => {
    const catalogue = policyCatalogue();
    expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue);
  });
});

describe('checking options', () => {
  it('accepts what a data plane compiles', () => {
    expect(validatePolicy('limit-count', { count: 1, time_window: 60, _meta: { priority: 5 }, future: 1 })).toEqual([]);
  });

  it('names the place of every fault', () => {
    expect(validatePolicy('limit-count', { count: 0 }).map(({ pointer }) => pointer)).toEqual([
      '/count',
      '/time_window',
    ]);
    expect(validatePolicy('key-auth', { _meta: { priority: 'high' } })).toMatchObject([{ pointer: '/_meta' }]);
    expect(validatePolicy('response-rewrite', { filters: [] })).toMatchObject([
      { message: 'filters are not supported' },
    ]);
    expect(validatePolicy('no-such-policy', {})).toHaveLength(1);
  });

  it('takes an authentication policy for the credential on consumers, and for itself elsewhere', () => {
    const plugins = { 'key-auth': { key: 'k' } };
    expect(validatePolicies(plugins, 'consumer')).toEqual([]);
    expect(validatePolicies({ 'key-auth': {} }, 'other')).toEqual([]);
    expect(validatePolicies({ 'key-auth': {} }, 'consumer')).toMatchObject([{ pointer: '/key-auth' }]);
    expect(validatePolicies({ 'key-auth': { key: 5 } }, 'consumer')).toMatchObject([{ pointer: '/key-auth/key' }]);
  });

  it('names the policies of an object', () => {
    const plugins = { 'limit-count': { count: 0, time_window: 1 }, 'no/such': {} };
    expect(validatePolicies(plugins, 'other').map(({ pointer }) => pointer)).toEqual([
      '/limit-count/count',
      '/no~1such',
    ]);
  });
});
