import { expect } from 'vitest';
import { usualAnswer } from '../../http/raw-upstream.ts';
import type { Check, CheckWorld, Topic } from '../check.ts';
import { ask, expectAnswerTo, get, onWire, post } from '../requests.ts';

const script = ({ upstream, id }: CheckWorld, bytes: string, { ends = false } = {}): void =>
  upstream.script(id, {
    atEnd: ({ socket }) => (ends ? socket.end(bytes, 'latin1') : socket.write(bytes, 'latin1')),
  });

const ok = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

const unusable = (name: string, answer: string): Check => ({
  name,
  async run(world) {
    script(world, answer);
    const received = await ask(world, post(world.path, 'x'), { method: 'POST' });
    expect(received.status).toBe(502);
    expect(received.body.toString('latin1')).not.toContain('secret');
  },
});

/** The client must not take a broken answer for a whole one. */
const breaksOff = (name: string, answer: string, version: '1.0' | '1.1' = '1.1'): Check => ({
  name,
  // Over TLS a client sees no reset when the end of TLS has been announced before.
  ...(version === '1.0' ? { over: 'plain' as const } : {}),
  run: (world) =>
    onWire(world, async (wire) => {
      script(world, answer, { ends: true });
      await wire.send(get(world.path).replace('HTTP/1.1', `HTTP/${version}`));
      const outcome = await wire.answer().then(
        ({ status }) => status,
        () => 'cut off',
      );
      expect(['cut off', 502]).toContain(outcome);
      await wire.ends();
    }),
});

/** Bytes after a complete answer: the connection that they came on serves nobody any more. */
const isNotReused = (name: string, extra: string): Check => ({
  name,
  run: (world) =>
    onWire(world, async (wire) => {
      const connections: number[] = [];
      world.upstream.script(world.id, {
        atEnd: ({ socket, connection }, request) => {
          const isFirst = connections.length === 0;
          connections.push(connection);
          socket.write(usualAnswer(request) + (isFirst ? extra : ''), 'latin1');
        },
      });
      for (const step of ['1', '2', '3']) {
        await wire.send(get(`${world.path}/${step}`));
        expectAnswerTo(await wire.answer(), { target: `${world.path}/${step}` });
      }
      expect(connections.slice(1)).not.toContain(connections[0]);
    }),
});

const interim = (name: string, before: string, version: '1.0' | '1.1' = '1.1'): Check => ({
  name,
  run: (world) =>
    onWire(world, async (wire) => {
      world.upstream.script(world.id, { atEnd: ({ socket }, request) => socket.write(before + usualAnswer(request)) });
      await wire.send(get(world.path).replace('HTTP/1.1', `HTTP/${version}`));
      const answer = version === '1.0' ? await wire.anyAnswer() : await wire.answer();
      expectAnswerTo(answer, { target: world.path });
    }),
});

/** RFC 9112, 6.3 and 8: what upstreams may do wrong. */
export const upstreamFaults: Topic = {
  title: 'answers of upstreams that are wrong',
  checks: [
    unusable(
      'RFC 9112 6.3: both framings in an answer are 502',
      ok('Content-Length: 6', 'Transfer-Encoding: chunked') + '6\r\nsecret\r\n0\r\n\r\n',
    ),
    unusable(
      'RFC 9112 6.3: both framings the other way round are 502',
      ok('Transfer-Encoding: chunked', 'Content-Length: 6') + '6\r\nsecret\r\n0\r\n\r\n',
    ),
    unusable(
      'RFC 9112 6.3: lengths of an answer that differ are 502',
      ok('Content-Length: 6', 'Content-Length: 5') + 'secret',
    ),
    unusable('RFC 9112 6.3: a list of lengths that differ is 502', ok('Content-Length: 6, 5') + 'secret'),
    ...['+6', '-6', '6 6', '0x6', '6.0', '', '99999999999999999999'].map((length) =>
      unusable(
        `RFC 9112 6.3: an answer of Content-Length ${JSON.stringify(length)} is 502`,
        ok(`Content-Length: ${length}`) + 'secret',
      ),
    ),
    ...['gzip', 'xchunked', 'chunked, chunked', 'chunked, gzip', 'identity'].map((coding) =>
      unusable(
        `RFC 9112 6.3: an answer of Transfer-Encoding ${coding} is 502`,
        ok(`Transfer-Encoding: ${coding}`) + '6\r\nsecret\r\n0\r\n\r\n',
      ),
    ),
    ...[
      'garbage\r\n\r\n',
      'HTTP/2.0 200 OK\r\n\r\n',
      'HTTP/1.1 20 OK\r\n\r\n',
      'HTTP/1.1 2000 OK\r\n\r\n',
      'HTTP/1.1 abc OK\r\n\r\n',
      'HTTP/1.1 099 OK\r\n\r\n',
      'ICY 200 OK\r\n\r\n',
      ' HTTP/1.1 200 OK\r\n\r\n',
    ].map((line) => unusable(`RFC 9112 4: a status line of ${JSON.stringify(line.trimEnd())} is 502`, line)),
    unusable('RFC 9110 5.5: a NUL in a value of an answer is 502', ok('X: a\0b', 'Content-Length: 6') + 'secret'),
    unusable('RFC 9112 5.2: a folded field of an answer is 502', ok('X: a', ' b', 'Content-Length: 6') + 'secret'),
    unusable('RFC 9112 5.1: a space before the colon in an answer is 502', ok('Content-Length : 6') + 'secret'),
    unusable('RFC 9110 5.1: a field without a colon in an answer is 502', ok('X', 'Content-Length: 6') + 'secret'),
    unusable(
      'RFC 9112 2.2: a bare carriage return in a value of an answer is 502',
      ok('X: a\rb', 'Content-Length: 6') + 'secret',
    ),
    unusable(
      'RFC 6585 5: a head of 100,000 bytes of an answer is 502',
      ok(`X: ${'x'.repeat(100_000)}`, 'Content-Length: 6') + 'secret',
    ),
    unusable(
      'RFC 6585 5: a head of an answer that never ends is 502',
      `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(50_000)}`,
    ),
    {
      name: 'RFC 9110 15.6.3: an upstream that closes without an answer is 502',
      async run(world) {
        script(world, '', { ends: true });
        expect((await ask(world, post(world.path, 'x'), { method: 'POST' })).status).toBe(502);
      },
    },
    {
      name: 'RFC 9110 15.6.3: an upstream that closes inside the head is 502',
      async run(world) {
        script(world, 'HTTP/1.1 200 OK\r\nContent-Le', { ends: true });
        expect((await ask(world, post(world.path, 'x'), { method: 'POST' })).status).toBe(502);
      },
    },
    breaksOff('RFC 9112 8: an answer shorter than its length is no whole answer', ok('Content-Length: 100') + 'abc'),
    breaksOff(
      'RFC 9112 8: a chunked answer without its end is no whole answer',
      ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n',
    ),
    breaksOff(
      'RFC 9112 8: a chunked answer cut inside a chunk is no whole answer',
      ok('Transfer-Encoding: chunked') + '5\r\nabc',
    ),
    breaksOff(
      'RFC 9112 8: a chunked answer cut inside its end is no whole answer',
      ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n0\r\n',
    ),
    breaksOff(
      'RFC 9112 7.1: a chunked answer with a wrong size is no whole answer',
      ok('Transfer-Encoding: chunked') + '3\r\nabc\r\nxyz\r\n0\r\n\r\n',
    ),
    breaksOff(
      'RFC 9112 7.1: a chunked answer with a missing end of line is no whole answer',
      ok('Transfer-Encoding: chunked') + '3\r\nabcX0\r\n\r\n',
    ),
    breaksOff('RFC 9112 8: a short answer is no whole one for HTTP/1.0', ok('Content-Length: 100') + 'abc', '1.0'),
    breaksOff(
      'RFC 9112 8: a chunked answer without its end is reset for HTTP/1.0',
      ok('Transfer-Encoding: chunked') + '3\r\nabc\r\n',
      '1.0',
    ),
    isNotReused(
      'RFC 9112 6.3: a second answer after a complete one is nobody’s',
      `HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
    ),
    isNotReused('RFC 9112 6.3: bytes after a complete answer are nobody’s', 'xxxx'),
    isNotReused('RFC 9112 6.3: an empty line after a complete answer is nobody’s', '\r\n'),
    {
      name: 'RFC 9112 6.3: bytes after an answer that has no body are nobody’s',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atEnd: ({ socket }, request) =>
              socket.write(
                request.method === 'HEAD' ? 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil' : usualAnswer(request),
              ),
          });
          await wire.send(get(world.path).replace('GET', 'HEAD'));
          expect((await wire.answer('HEAD')).status).toBe(200);
          await wire.send(get(`${world.path}/2`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/2` });
        }),
    },
    {
      name: 'RFC 9112 9.4: bytes on an idle connection of the upstream are nobody’s',
      run: (world) =>
        onWire(world, async (wire) => {
          const idle = Promise.withResolvers<() => void>();
          world.upstream.script(world.id, {
            atEnd: ({ socket }, request) => {
              socket.write(usualAnswer(request));
              idle.resolve(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'));
            },
          });
          await wire.send(get(`${world.path}/1`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/1` });
          (await idle.promise)();
          await wire.send(get(`${world.path}/2`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/2` });
        }),
    },
    interim('RFC 9110 15.2: 100 that nobody asked for is left out', 'HTTP/1.1 100 Continue\r\n\r\n'),
    interim(
      'RFC 8297 2: 103 is passed on or left out, the answer follows',
      'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n',
    ),
    interim(
      'RFC 9110 15.2: several interim answers are no answer',
      'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n'.repeat(5),
    ),
    interim('RFC 9110 15.2: HTTP/1.0 gets no interim answer', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', '1.0'),
  ],
};
