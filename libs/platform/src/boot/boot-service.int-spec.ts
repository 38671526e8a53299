import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Module } from '@nestjs/common';
import { defineEndpoint, type EndpointCall, pageOf, pageQuery, withForce } from '@tollgate/contracts/rest';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { loadConfig, platformConfig } from '../config/platform-config.ts';
import { outcomeOf } from '../endpoint/call.ts';
import { ApiController, Implements } from '../endpoint/implements.ts';
import { bootService, type RunningService } from './boot-service.ts';

const echo = defineEndpoint({
  service: 'iam',
  operationId: 'specEcho',
  method: 'POST',
  path: '/api/v1/auth/spec-echo/{name}',
  kind: 'action',
  tag: 'spec',
  summary: 'Answers with what it got.',
  access: { kind: 'public' },
  params: z.object({ name: z.string().max(5) }),
  body: z.strictObject({ text: z.string().max(10), inner: z.strictObject({ count: z.number() }).optional() }),
  response: z.object({ name: z.string(), text: z.string(), version: z.number() }),
  bodyLimitBytes: 200,
  dryRun: true,
});
const list = defineEndpoint({
  service: 'iam',
  operationId: 'specList',
  method: 'GET',
  path: '/api/v1/auth/spec-list',
  kind: 'list',
  tag: 'spec',
  summary: 'Fails in two ways.',
  access: { kind: 'public' },
  query: pageQuery,
  response: pageOf(z.string()),
});
const hidden = defineEndpoint({
  service: 'iam',
  operationId: 'specHidden',
  method: 'GET',
  path: '/api/v1/auth/spec-hidden',
  kind: 'get',
  tag: 'spec',
  summary: 'Needs a principal.',
  access: { kind: 'authenticated' },
});

const remove = defineEndpoint({
  service: 'iam',
  operationId: 'specRemove',
  method: 'DELETE',
  path: '/api/v1/auth/spec-echo/{name}',
  kind: 'delete',
  tag: 'spec',
  summary: 'Deletes what others refer to, when told to.',
  access: { kind: 'public' },
  params: z.object({ name: z.string().max(5) }),
  withoutIfMatch: 'there is nothing to change',
  ...withForce({ effect: 'they end.' }),
});
const removeWell = defineEndpoint({
  ...remove,
  operationId: 'specRemoveWell',
  path: '/api/v1/auth/spec-well/{name}',
  ...withForce({ effect: 'they end.', permissions: ['portal.approve'] }),
});

@ApiController()
class SpecController {
  @Implements(remove)
  remove(call: EndpointCall<typeof remove>) {
    return outcomeOf(call, [{ kind: 'note', id: call.dryRun ? 'dry' : 'n1', effect: 'deleted' }]);
  }
  @Implements(removeWell)
  removeWell(call: EndpointCall<typeof removeWell>) {
    return outcomeOf(call, []);
  }
  @Implements(echo)
  echo(call: EndpointCall<typeof echo>) {
    return { name: call.params.name, text: call.dryRun ? 'dry' : call.body.text, version: 3, secret: 'never' };
  }
  @Implements(list)
  list(call: EndpointCall<typeof list>) {
    if (call.query.limit === 1) throw new Error('secret detail of a bug');
    return { items: [String(call.query.limit)], nextCursor: null };
  }
  @Implements(hidden)
  hidden() {
    return undefined as never;
  }
}

@Module({ controllers: [SpecController] })
class SpecModule {}

let service: RunningService;
const send = (path: string, init: RequestInit = {}) => fetch(service.url + path, init);
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  send(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

beforeAll(async () => {
  const config = loadConfig(platformConfig, {
    PORT: '0',
    LOG_LEVEL: 'silent',
    TOLLGATE_MASTER_KEY: 'x'.repeat(32),
    REDIS_URL: inject('redisUrl'),
  });
  service = await bootService(
    {
      service: 'iam',
      loadConfig: () => config,
      module: () => ({ module: SpecModule }),
      publicListener: () => ({ port: 0, allow: ['/api/v1/auth/'] }),
    },
    config,
  );
});
afterAll(() => service.close());

describe('a booted service', () => {
  it('answers with what the response schema names and nothing else', async () => {
    const answer = await post('/api/v1/auth/spec-echo/bob', '{"text":"hi"}');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ name: 'bob', text: 'hi', version: 3 });
    expect(answer.headers.get('etag')).toBe('"3"');
    expect(answer.headers.get('x-request-id')).toBeTruthy();
  });

  it.each([
    ['an unknown member', '{"text":"hi","more":1}', 400, 'request.invalid', '/more'],
    ['a wrong type deep inside', '{"text":"hi","inner":{"count":"1"}}', 400, 'request.invalid', '/inner/count'],
    ['NUL', '{"text":"a\\u0000b"}', 400, 'request.invalid', '/text'],
    ['a lone surrogate', '{"text":"\\ud800"}', 400, 'request.invalid', '/text'],
    ['no body', '', 400, 'request.invalid', ''],
    ['no JSON', '{"text":', 400, 'request.malformed', undefined],
    ['a prototype', '{"text":"hi","__proto__":{"a":1}}', 400, 'request.malformed', undefined],
    ['too much', JSON.stringify({ text: 'x'.repeat(300) }), 413, 'request.too_large', undefined],
  ])('refuses %s with a problem document', async (_what, body, status, code, pointer) => {
    const answer = await post('/api/v1/auth/spec-echo/bob', body);
    const problem = (await answer.json()) as {
      code: string;
      status: number;
      requestId: string;
      errors?: { pointer: string }[];
    };
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect([answer.status, problem.status, problem.code]).toEqual([status, status, code]);
    expect(problem.requestId).toBe(answer.headers.get('x-request-id'));
    if (pointer !== undefined) expect(problem.errors?.[0]?.pointer).toBe(pointer);
  });

  it('refuses another media type with 415', async () => {
    expect(
      (
        await send('/api/v1/auth/spec-echo/bob', {
          method: 'POST',
          body: 'a=b',
          headers: { 'content-type': 'text/plain' },
        })
      ).status,
    ).toBe(415);
  });

  it('answers 404 alike for unknown paths and for parameters that no object can have', async () => {
    const unknown = await post('/api/v1/auth/spec-nothing/bob', '{"text":"hi"}');
    const impossible = await post('/api/v1/auth/spec-echo/much-too-long', '{"text":"hi"}');
    expect([unknown.status, impossible.status]).toEqual([404, 404]);
    expect(((await unknown.json()) as { code: string }).code).toBe(
      ((await impossible.json()) as { code: string }).code,
    );
  });

  it.each(['/%', '/%ff', `/${'x'.repeat(3000)}`])(
    'answers the unreadable or endless address %s with a problem document',
    async (path) => {
      const answer = await post(`/api/v1/auth/spec-echo${path}`, '{"text":"hi"}');
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    },
  );

  it('answers what cannot be read as a request with a problem document, at both doors', async () => {
    for (const url of [service.url, service.publicUrl ?? '']) {
      const tooLarge = await fetch(`${url}/api/v1/auth/spec-list?cursor=${'x'.repeat(20_000)}`);
      expect(tooLarge.headers.get('content-type')).toBe('application/problem+json');
      expect([tooLarge.status, await tooLarge.json()]).toEqual([
        431,
        expect.objectContaining({ status: 431, code: 'request.head_too_large' }),
      ]);
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.end('GET / HTTP/1.1\r\nno header\r\n\r\n');
      const answer = await text(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(answer).toContain('"code":"request.malformed"');
    }
  });

  it('understands dryRun only where the endpoint declares it', async () => {
    expect(await (await post('/api/v1/auth/spec-echo/bob?dryRun=true', '{"text":"hi"}')).json()).toMatchObject({
      text: 'dry',
    });
    expect((await send('/api/v1/auth/spec-list?dryRun=true')).status).toBe(400);
  });

  it('answers a delete with 204, and a forced one with what it ended', async () => {
    const end = (path: string) => send(`/api/v1/auth/${path}`, { method: 'DELETE' });
    const plain = await end('spec-echo/bob');
    expect([plain.status, await plain.text()]).toEqual([204, '']);
    const forced = await end('spec-echo/bob?force=true');
    expect(forced.status).toBe(200);
    expect(await forced.json()).toEqual({ dependants: [{ kind: 'note', id: 'n1', effect: 'deleted' }], total: 1 });
    const planned = await end('spec-echo/bob?force=true&dryRun=true');
    expect(await planned.json()).toMatchObject({ dependants: [{ id: 'dry' }] });
    expect((await end('spec-echo/bob?force=1')).status).toBe(400);
    expect((await end('spec-well/bob?force=true')).status).toBe(403);
    expect((await end('spec-well/bob')).status).toBe(204);
    expect((await send('/api/v1/auth/spec-list?force=true')).status).toBe(400);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1.5', 'limit=5&limit=6', 'cursor=', 'other=1'])(
    'refuses the query %s with 400',
    async (query) => {
      expect((await send(`/api/v1/auth/spec-list?${query}`)).status).toBe(400);
    },
  );

  it('hides what went wrong inside from the caller', async () => {
    const answer = await send('/api/v1/auth/spec-list?limit=1');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret detail');
  });

  it('answers 401 without an authenticator on endpoints that are not public', async () => {
    const answer = await send('/api/v1/auth/spec-hidden');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  it('tells health, readiness and metrics on the internal port only', async () => {
    expect((await send('/healthz')).status).toBe(200);
    expect(await (await send('/readyz')).json()).toEqual({ status: 'ready', checks: { redis: { ok: true } } });
    expect(await (await send('/metrics')).text()).toContain('http_server_request_duration_seconds');
    const door = service.publicUrl ?? '';
    expect((await fetch(`${door}/metrics`)).status).toBe(404);
    expect((await fetch(`${door}/api/v1/auth/../../../metrics`)).status).toBe(404);
    expect((await fetch(`${door}/api/v1/auth/spec-list`)).status).toBe(200);
  });
});
