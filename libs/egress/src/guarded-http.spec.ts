import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EgressRefusedError } from './egress-refused-error.ts';
import { AnswerTooLargeError, GuardedHttp } from './guarded-http.ts';
import { guardedLookup } from './guarded-lookup.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function client(policy = { allowedKinds: ['loopback'] } as ConstructorParameters<typeof GuardedHttp>[0]): GuardedHttp {
  const http = new GuardedHttp(policy);
  closers.push(() => http.close());
  return http;
}

/** The refusal may be the error itself or the cause that the HTTP client wraps. */
async function refusalOf(attempt: Promise<unknown>): Promise<unknown> {
  const error: unknown = await attempt.catch((thrown: unknown) => thrown);
  return error instanceof Error && error.cause instanceof EgressRefusedError ? error.cause : error;
}

describe('a guarded request', () => {
  it('reaches what the operator allows', async () => {
    const url = await serve((_request, response) => response.writeHead(201, { 'x-a': 'b' }).end('hello'));
    const answer = await client().fetch(url);
    expect(answer).toMatchObject({ status: 201, headers: { 'x-a': 'b' } });
    expect(answer.body.toString()).toBe('hello');
  });

  it('never connects to a name or an address that leads inside', async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.end();
    });
    const port = new URL(url).port;
    const spellings = [
      url,
      `http://127.0.0.1:${port}`,
      `http://[::ffff:127.0.0.1]:${port}`,
      `http://2130706433:${port}`,
      `http://0x7f.1:${port}`,
    ];
    for (const spelling of spellings) {
      expect(await refusalOf(client({}).fetch(spelling)), spelling).toBeInstanceOf(EgressRefusedError);
    }
    expect(calls).toBe(0);
  });

  it('is refused for other schemes and for credentials in the address', async () => {
    for (const address of ['ftp://example.com', 'file:///etc/passwd', 'http://user:secret@example.com', 'nonsense']) {
      await expect(client().fetch(address)).rejects.toThrow(EgressRefusedError);
    }
  });

  it('follows as many redirects as asked for, and none inside', async () => {
    const url = await serve((request, response) => {
      const next = { '/1': '/2', '/2': '/3', '/in': 'http://169.254.169.254/latest/meta-data' }[request.url ?? ''];
      if (next === undefined) response.end('there');
      else response.writeHead(302, { location: next }).end();
    });
    expect((await client().fetch(`${url}/1`, { maxRedirects: 2 })).url).toBe(`${url}/3`);
    expect(await client().fetch(`${url}/1`, { maxRedirects: 1 })).toMatchObject({ status: 302 });
    expect(await client().fetch(`${url}/1`)).toMatchObject({ status: 302 });
    await expect(client().fetch(`${url}/in`, { maxRedirects: 5 })).rejects.toThrow(EgressRefusedError);
  });

  it('ends when the answer is too large or too late', async () => {
    const large = await serve((_request, response) => response.end('x'.repeat(2000)));
    await expect(client().fetch(large, { maxBytes: 1000 })).rejects.toThrow(AnswerTooLargeError);
    const silent = await serve(() => undefined);
    await expect(client().fetch(silent, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a guarded look-up', () => {
  const resolve = (addresses: string[]) =>
    new Promise((done) => {
      const look = guardedLookup({}, (_hostname, _options, answer) =>
        answer(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        ),
      );
      look('name.example', { all: true }, (error, found) => done(error ?? found));
    });

  it('hands on the allowed addresses of a name only', async () => {
    expect(await resolve(['10.0.0.1', '8.8.8.8', '::1'])).toEqual([{ address: '8.8.8.8', family: 4 }]);
  });

  it('fails when a name has none', async () => {
    expect(await resolve(['10.0.0.1', '::1'])).toBeInstanceOf(EgressRefusedError);
  });
});
