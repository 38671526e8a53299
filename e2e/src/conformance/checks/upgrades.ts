import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { listOf, valuesOf } from '../../http/header-fields.ts';
import { fieldOf, type UpstreamExchange, usualAnswer } from '../../http/raw-upstream.ts';
import type { CheckWorld, Topic } from '../check.ts';
import { ask, expectAnswerTo, expectInStepOrEnded, get, onlySeen, onWire } from '../requests.ts';

const handshake = (path: string): string =>
  get(
    path,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  );
const switching =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

/** The upstream switches, says `greeting` at once, and sends back whatever comes. */
function echoes({ upstream, id }: CheckWorld, greeting = ''): Promise<UpstreamExchange> {
  const switched = Promise.withResolvers<UpstreamExchange>();
  upstream.script(id, {
    atEnd: (exchange) => {
      exchange.socket.write(switching + greeting);
      exchange.takeOver((bytes) => void exchange.socket.write(bytes));
      switched.resolve(exchange);
    },
  });
  return switched.promise;
}

/** RFC 9110, 7.8 and RFC 6455. */
export const upgrades: Topic = {
  title: 'upgrades',
  checks: [
    {
      name: 'RFC 6455 4.1: the handshake of a WebSocket passes both ways, and then every byte does',
      run: (world) =>
        onWire(world, async (wire) => {
          void echoes(world);
          await wire.send(handshake(world.path));
          const answer = await wire.answer();
          expect(answer.status).toBe(101);
          expect(listOf(answer.fields, 'connection')).toEqual(['upgrade']);
          expect(valuesOf(answer.fields, 'upgrade')).toEqual(['websocket']);
          expect(valuesOf(answer.fields, 'sec-websocket-accept')).toEqual(['s3pPLMBiTxaQ9kYGzzhZRbK+xOo=']);
          expect(fieldOf(onlySeen(world), 'sec-websocket-key')).toEqual(['dGhlIHNhbXBsZSBub25jZQ==']);
          const bytes = randomBytes(300_000);
          await wire.send(bytes);
          expect((await wire.take(bytes.length)).equals(bytes)).toBe(true);
        }),
    },
    {
      name: 'RFC 9110 7.8: bytes that come together with either half of the handshake are not lost',
      run: (world) =>
        onWire(world, async (wire) => {
          void echoes(world, 'welcome');
          await wire.send(`${handshake(world.path)}early`);
          expect((await wire.answer()).status).toBe(101);
          expect((await wire.take('welcomeearly'.length)).toString('latin1')).toBe('welcomeearly');
        }),
    },
    {
      name: 'RFC 9110 7.8: bytes after the handshake are never read as requests',
      run: (world) =>
        onWire(world, async (wire) => {
          void echoes(world);
          await wire.send(handshake(world.path));
          await wire.answer();
          const request = get(`${world.path}/smuggled`);
          await wire.send(request);
          expect((await wire.take(request.length)).toString('latin1')).toBe(request);
          expect(world.upstream.seen(world.id)).toHaveLength(1);
        }),
    },
    {
      name: 'RFC 9110 7.8: a switched connection that ends at the upstream ends at the client',
      run: (world) =>
        onWire(world, async (wire) => {
          const switched = echoes(world);
          await wire.send(handshake(world.path));
          await wire.answer();
          (await switched).socket.end('bye');
          expect((await wire.take(3)).toString('latin1')).toBe('bye');
          await wire.ends();
        }),
    },
    {
      name: 'RFC 9110 7.8: a switched connection whose client has gone ends at the upstream',
      run: (world) =>
        onWire(world, async (wire) => {
          const switched = echoes(world);
          await wire.send(handshake(world.path));
          await wire.answer();
          const { socket } = await switched;
          const closed = new Promise((resolve) => socket.once('close', resolve));
          wire.reset();
          await closed;
        }),
    },
    ...['200 OK', '403 Forbidden', '426 Upgrade Required'].map((status) => ({
      name: `RFC 9110 7.8: an upgrade that the upstream answers ${status} is an ordinary call`,
      run: (world: CheckWorld) =>
        onWire(world, async (wire) => {
          const other = `${world.path}-other`;
          world.upstream.script(world.id, {
            atEnd: ({ socket }) => socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nno`),
          });
          await wire.send(handshake(world.path));
          const answer = await wire.answer();
          expect([answer.status, answer.body.toString('latin1')]).toEqual([Number(status.slice(0, 3)), 'no']);
          await expectInStepOrEnded({ ...world, path: other }, wire, answer);
        }),
    })),
    ...['h2c', 'TLS/1.0', 'foo'].map((protocol) => ({
      name: `RFC 9110 7.8: an upgrade to ${protocol} is not passed on, the request is served`,
      run: async (world: CheckWorld) => {
        const lines = [
          `Connection: Upgrade, HTTP2-Settings`,
          `Upgrade: ${protocol}`,
          'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
        ];
        expectAnswerTo(await ask(world, get(world.path, ...lines)), { target: world.path });
        const seen = onlySeen(world);
        for (const name of ['upgrade', 'http2-settings']) expect(fieldOf(seen, name)).toEqual([]);
      },
    })),
    {
      name: 'RFC 9110 7.8: an Upgrade that Connection does not name is not passed on',
      async run(world) {
        expectAnswerTo(await ask(world, get(world.path, 'Upgrade: websocket')), { target: world.path });
        expect(fieldOf(onlySeen(world), 'upgrade')).toEqual([]);
      },
    },
    {
      name: 'RFC 9110 7.8: an upgrade in HTTP/1.0 is not granted',
      async run(world) {
        world.upstream.script(world.id, { atEnd: ({ socket }, request) => socket.write(usualAnswer(request)) });
        const answer = await ask(world, handshake(world.path).replace('HTTP/1.1', 'HTTP/1.0'));
        expect([200, 400]).toContain(answer.status);
        for (const seen of world.upstream.seen(world.id)) expect(fieldOf(seen, 'upgrade')).toEqual([]);
      },
    },
    {
      name: 'RFC 9110 15.2.2: a switch that nobody asked for is answered 502',
      async run(world) {
        world.upstream.script(world.id, { atEnd: ({ socket }) => socket.write(switching) });
        expect((await ask(world, get(world.path))).status).toBe(502);
      },
    },
  ],
};
