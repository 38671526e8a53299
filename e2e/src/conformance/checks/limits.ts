import { expect } from 'vitest';
import { announcesClose } from '../../http/answer-parser.ts';
import { chunk } from '../../http/chunked-body.ts';
import { hosts, type Topic } from '../check.ts';
import { ask, expectAnswerTo, get, head, onWire, post, refuses, serves } from '../requests.ts';

const mebibyte = 1024 * 1024;
const toSmall = (request: string): string => request.replace(hosts.usual, hosts.small);
const toNobody = (request: string): string => request.replace(hosts.usual, 'nobody.test');

/** How much one client may take up. */
export const limits: Topic = {
  title: 'limits and refused bodies',
  checks: [
    refuses(
      'RFC 6585 5: a field of 20,000 bytes is refused with 431',
      (path) => get(path, `X: ${'x'.repeat(20_000)}`),
      [431],
    ),
    refuses(
      'RFC 6585 5: fields of 20,000 bytes together are refused with 431',
      (path) => get(path, ...Array.from({ length: 500 }, (_, index) => `X-Field-${index}: ${'x'.repeat(30)}`)),
      [431],
    ),
    refuses(
      'RFC 6585 5: a field name of 20,000 bytes is refused with 431',
      (path) => get(path, `${'X'.repeat(20_000)}: y`),
      [431],
    ),
    serves('RFC 6585 5: a head of 12,000 bytes is served', (path) => get(path, `X: ${'x'.repeat(12_000)}`)),
    {
      name: 'RFC 6585 5: a head that never ends is refused with 431',
      run: (world) =>
        onWire(world, async (wire) => {
          void wire.send(`GET ${world.path} HTTP/1.1\r\nHost: ${hosts.usual}\r\nX: ${'x'.repeat(mebibyte)}`);
          expect((await wire.answer()).status).toBe(431);
          await wire.ends();
        }),
    },
    {
      name: 'RFC 9110 15.5.14: a body within the limit of its group is served',
      run: async (world) => {
        const body = 'x'.repeat(1_000);
        const answer = await ask(world, toSmall(post(world.path, body)), { method: 'POST', host: hosts.small });
        expectAnswerTo(answer, { method: 'POST', target: world.path, body });
      },
    },
    {
      name: 'RFC 9110 15.5.14: a longer body is refused with 413 by its length',
      run: async (world) => {
        const request = toSmall(post(world.path, 'x'.repeat(1_001)));
        expect((await ask(world, request, { method: 'POST', host: hosts.small })).status).toBe(413);
        expect(world.upstream.seen(world.id)).toEqual([]);
      },
    },
    {
      name: 'RFC 9110 15.5.14: a chunked body over the limit is refused with 413 and never completes a request',
      run: (world) =>
        onWire(
          world,
          async (wire) => {
            await wire.send(toSmall(head(`POST ${world.path} HTTP/1.1`, 'Transfer-Encoding: chunked')));
            await wire.send(Buffer.concat([chunk('x'.repeat(900)), chunk('x'.repeat(101)), chunk()]));
            expect((await wire.answer('POST')).status).toBe(413);
            expect(world.upstream.seen(world.id)).toEqual([]);
          },
          hosts.small,
        ),
    },
    ...[10, 60_000, mebibyte].map((size) => ({
      name: `RFC 9112 9.3: after a refusal a body of ${size} bytes is drained or the connection ends; it is never read as a request`,
      run: (world: Parameters<Topic['checks'][number]['run']>[0]) =>
        onWire(world, async (wire) => {
          const smuggled = get(`${world.path}/smuggled`);
          const body = smuggled.repeat(Math.ceil(size / smuggled.length)).slice(0, size);
          const sent = wire.send(toNobody(post(world.path, body)));
          const answer = await wire.answer('POST');
          expect([404, 421]).toContain(answer.status);
          await Promise.race([sent, wire.ends()]);
          if (wire.end === null && !announcesClose(answer)) {
            await wire.send(get(`${world.path}/next`));
            expectAnswerTo(await wire.answer(), { target: `${world.path}/next` });
          } else await wire.ends();
          expect(world.upstream.seen(world.id).filter(({ target }) => target.endsWith('/smuggled'))).toEqual([]);
        }),
    })),
    {
      name: 'RFC 9112 9.3: after a refusal a chunked body is drained or the connection ends; it is never read as a request',
      run: (world) =>
        onWire(world, async (wire) => {
          const body = Buffer.concat([chunk(get(`${world.path}/smuggled`)), chunk()]).toString('latin1');
          await wire.send(toNobody(head(`POST ${world.path} HTTP/1.1`, 'Transfer-Encoding: chunked')) + body);
          const answer = await wire.answer('POST');
          expect([404, 421]).toContain(answer.status);
          if (announcesClose(answer)) await wire.ends();
          else {
            await wire.send(get(`${world.path}/next`));
            expectAnswerTo(await wire.answer(), { target: `${world.path}/next` });
          }
          expect(world.upstream.seen(world.id).filter(({ target }) => target.endsWith('/smuggled'))).toEqual([]);
        }),
    },
    {
      name: 'RFC 9112 9.3: a refused body that never ends is not drained for ever',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(toNobody(head(`POST ${world.path} HTTP/1.1`, 'Transfer-Encoding: chunked')));
          const piece = chunk(Buffer.alloc(64 * 1024, 'x'));
          let pieces = 0;
          for (; wire.end === null && pieces < 1_024; pieces += 1) await wire.send(piece);
          expect(pieces).toBeLessThan(1_024);
        }),
    },
  ],
};
