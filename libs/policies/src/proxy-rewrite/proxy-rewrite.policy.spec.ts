import { send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

async function received(options: Record<string, unknown>, path: string, uri = '/*') {
  gateway = await startGateway({ plugins: { 'proxy-rewrite': options }, route: { uri } });
  const answer = await send(gateway.port, path, { headers: { 'x-old': 'o' } });
  return answer.json() as { method: string; url: string; headers: Record<string, string> };
}

describe('proxy-rewrite', () => {
  it.each([
    [{ uri: '/new' }, '/old?a=1', '/new?a=1'],
    [{ uri: '/new?b=2' }, '/old?a=1', '/new?b=2&a=1'],
    [{ uri: '/v2/$uri_param_id' }, '/users/7', '/v2/7'],
    [{ regex_uri: ['^/users/(.*)$', '/people/$1'] }, '/users/7?x', '/people/7?x'],
    [{ regex_uri: ['^/none', '/a', '^/users', '/b'] }, '/users/7', '/b/7'],
    [{ regex_uri: ['^/none', '/a'] }, '/users/7', '/users/7'],
    [{ uri: '/a b"ü' }, '/x', '/a%20b%22%C3%BC'],
  ])('%j makes of %s %s', async (options, path, expected) => {
    expect((await received(options, path, path.startsWith('/users') ? '/users/:id' : '/*')).url).toBe(expected);
  });

  it('changes method, host and headers', async () => {
    const headers = { set: { 'x-client': '$remote_addr', 'x-empty': '' }, add: { 'x-more': '1' }, remove: ['x-old'] };
    const request = await received({ method: 'PUT', host: 'inner.test', headers }, '/');
    expect(request).toMatchObject({
      method: 'PUT',
      headers: { host: 'inner.test', 'x-client': '127.0.0.1', 'x-more': '1' },
    });
    expect(request.headers).not.toHaveProperty('x-old');
    expect(request.headers).not.toHaveProperty('x-empty');
  });

  it('takes a plain map of headers as those to set', async () => {
    expect(await received({ headers: { 'x-old': 'n', 'x-number': 5 } }, '/')).toMatchObject({
      headers: { 'x-old': 'n', 'x-number': '5' },
    });
  });
});
