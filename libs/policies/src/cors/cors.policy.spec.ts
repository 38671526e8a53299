import { send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { validatePolicy } from '../validate-policy.ts';
import { startGateway } from '../testing.ts';

let gateway: TestEngine | undefined;
afterEach(() => gateway?.stop());

async function call(options: Record<string, unknown>, headers: Record<string, string>, method = 'GET') {
  gateway = await startGateway({ plugins: { cors: options, 'key-auth': {} } });
  return send(gateway.port, '/', { method, headers });
}

describe('cors', () => {
  it('answers preflight requests before anything asks for a key', async () => {
    const answer = await call({}, { origin: 'https://a.test' }, 'OPTIONS');
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,CONNECT,TRACE',
      'access-control-max-age': '5',
    });
  });

  it('lets scripts read refusals too', async () => {
    const answer = await call({ allow_origins: 'https://a.test' }, { origin: 'https://a.test' });
    expect(answer.status).toBe(401);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': 'https://a.test', vary: 'Origin' });
  });

  it.each([
    [{ allow_origins: 'https://a.test, https://b.test' }, 'https://b.test', 'https://b.test'],
    [{ allow_origins: 'https://a.test' }, 'https://evil.test', undefined],
    [
      { allow_origins: 'https://a.test', allow_origins_by_regex: ['^https://.*\\.b\\.test$'] },
      'https://x.b.test',
      'https://x.b.test',
    ],
    [
      { allow_origins: '**', allow_headers: '**', allow_methods: '**', allow_credential: true },
      'https://c.test',
      'https://c.test',
    ],
  ])('%j allows %s as %s', async (options, origin, expected) => {
    const answer = await call(options, { origin });
    expect(answer.headers['access-control-allow-origin']).toBe(expected);
  });

  it('refuses credentials for everyone', () => {
    expect(validatePolicy('cors', { allow_credential: true })).toMatchObject([{ pointer: '/allow_credential' }]);
  });
});
