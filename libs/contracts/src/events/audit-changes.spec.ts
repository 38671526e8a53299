import { describe, expect, it } from 'vitest';
import { auditChangeSet, changesBetween, maxAuditChanges } from './audit-changes.ts';

const pathsOf = (before: Record<string, unknown> | null, after: Record<string, unknown> | null) =>
  changesBetween(before, after).changes.map(({ path, kind }) => `${kind} ${path}`);

describe('a change set', () => {
  it('tells the least values that differ, by JSON pointer, with before and after', () => {
    const before = { name: 'a', nodes: { 'h/1:80': 1, gone: 2 }, uris: ['/x', '/y'], same: { deep: [1] } };
    const after = { name: 'b', nodes: { 'h/1:80': 5 }, uris: ['/x', '/z'], same: { deep: [1] }, desc: null };
    expect(changesBetween(before, after)).toEqual({
      tooLarge: false,
      count: 5,
      changes: [
        { path: '/name', kind: 'changed', before: 'a', after: 'b', redacted: false },
        { path: '/nodes/h~11:80', kind: 'changed', before: 1, after: 5, redacted: false },
        { path: '/nodes/gone', kind: 'removed', before: 2, redacted: false },
        { path: '/uris/1', kind: 'changed', before: '/y', after: '/z', redacted: false },
        { path: '/desc', kind: 'added', after: null, redacted: false },
      ],
    });
  });

  it('tells arrays whole that became longer or shorter', () => {
    expect(pathsOf({ uris: ['/x'] }, { uris: ['/x', '/y'] })).toEqual(['changed /uris']);
  });

  it('tells all of what was made or removed, and nothing of what is the same', () => {
    expect(pathsOf(null, { name: 'a', nodes: {} })).toEqual(['added /name', 'added /nodes']);
    expect(pathsOf({ name: 'a' }, null)).toEqual(['removed /name']);
    expect(changesBetween({ name: 'a' }, { name: 'a' })).toEqual({ tooLarge: false, count: 0, changes: [] });
  });

  it('says that it is too large instead of telling a part', () => {
    const many = Object.fromEntries(Array.from({ length: maxAuditChanges + 1 }, (_, index) => [`f${index}`, index]));
    expect(changesBetween(null, many)).toEqual({ tooLarge: true, count: maxAuditChanges + 1, changes: [] });
    const { f0: _f0, ...fits } = many;
    expect(changesBetween(null, fits)).toMatchObject({ tooLarge: false, count: maxAuditChanges });
    expect(changesBetween(null, { docs: 'x'.repeat(40_000) })).toEqual({ tooLarge: true, count: 1, changes: [] });
  });

  it('is what its schema says, through JSON', () => {
    const changes = changesBetween({ a: 1, b: [] }, { a: null, c: 'x' });
    expect(auditChangeSet.parse(JSON.parse(JSON.stringify(changes)))).toEqual(changes);
  });
});

describe('a secret', () => {
  const secret = 'hunter2-of-the-test';
  const everyPlace: Record<string, Record<string, unknown>> = {
    'a key of key-auth': { value: { plugins: { 'key-auth': { key: secret } } } },
    'the hash of a key': { value: { plugins: { 'key-auth': { key_sha256: secret } } } },
    'a password': { plugins: { 'basic-auth': { username: 'a', password: secret } } },
    'a client secret': { plugins: { 'openid-connect': { client_secret: secret } } },
    'a password of Redis': { plugins: { 'limit-count': { count: 1, key: 'remote_addr', redis_password: secret } } },
    'a client key': { tls: { client_cert: 'public', client_key: secret } },
    'keys of a certificate': { cert: 'public', key: secret, keys: [secret] },
    'a header that is set': { headers: { set: { Authorization: secret, 'X-Api-Key': secret } } },
    'a header as one text': { headers: { add: [`X-Auth-Token: ${secret}`] } },
    'a header as name and value': { headers: [{ name: 'Cookie', value: secret }] },
    'a condition on a secret': { vars: [['http_x_api_key', '==', secret]] },
    'a token in a text': { note: `Bearer ${secret}` },
    'an address with a password': { url: `redis://user:${secret}@redis.test:6379` },
    'a private key': { note: `-----BEGIN EC PRIVATE KEY-----\n${secret}` },
    'a key of ours': { note: `tg_key_${secret}` },
    'what hangs below': { secrets: { deep: { value: secret } } },
  };

  it.each(Object.entries(everyPlace))('is never told: %s', (_what, view) => {
    for (const [before, after] of [
      [null, view],
      [view, null],
      [JSON.parse(JSON.stringify(view).replaceAll(secret, `${secret}-old`)) as typeof view, view],
    ] as const) {
      const set = changesBetween(before, after);
      expect(JSON.stringify(set)).not.toContain(secret);
      expect(set.changes.some(({ redacted }) => redacted)).toBe(true);
    }
  });

  it('is nothing that tells how something is done', () => {
    const open = {
      plugins: {
        'key-auth': { header: 'apikey', query: 'apikey', hide_credentials: true },
        'limit-count': { count: 2, time_window: 60, key: 'remote_addr', key_type: 'var' },
        cors: { allow_credential: false, allow_headers: 'authorization' },
        'proxy-rewrite': { headers: { set: { 'X-From': 'gateway' }, remove: ['Authorization', 'Cookie'] } },
      },
      upstream: { type: 'chash', key: 'remote_addr', pass_host: 'pass', nodes: { '10.0.0.1:80': 1 } },
      publicUrls: ['https://api.test:8443/v1'],
      vars: [['arg_version', '==', '2']],
    };
    const set = changesBetween(null, open);
    expect(set.changes.filter(({ redacted }) => redacted)).toEqual([]);
  });
});
