import { expect } from 'vitest';
import { usualAnswer } from '../../http/raw-upstream.ts';
import { hosts, type Topic } from '../check.ts';
import { ask, expectAnswerTo, expectInStepOrEnded, get, head, onlySeen, onWire } from '../requests.ts';

const expecting = (path: string, ...lines: string[]): string =>
  head(`POST ${path} HTTP/1.1`, 'Expect: 100-continue', 'Content-Length: 5', ...lines);

/** RFC 9110, 10.1.1. */
export const expectations: Topic = {
  title: 'Expect: 100-continue',
  checks: [
    {
      name: 'RFC 9110 10.1.1: a client that waits is told to continue, once, and then answered',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(expecting(world.path));
          expect((await wire.anyAnswer('POST')).status).toBe(100);
          await wire.send('hello');
          const answer = await wire.anyAnswer('POST');
          expectAnswerTo(answer, { method: 'POST', target: world.path, body: 'hello' });
          await expectInStepOrEnded(world, wire, answer);
        }),
    },
    {
      name: 'RFC 9110 10.1.1: a chunked body can be waited for as well, and the expectation has no case',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(head(`POST ${world.path} HTTP/1.1`, 'Expect: 100-CONTINUE', 'Transfer-Encoding: chunked'));
          expect((await wire.anyAnswer('POST')).status).toBe(100);
          await wire.send('5\r\nhello\r\n0\r\n\r\n');
          expectAnswerTo(await wire.anyAnswer('POST'), { method: 'POST', target: world.path, body: 'hello' });
        }),
    },
    {
      name: 'RFC 9110 10.1.1: a client that does not wait is answered all the same',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(`${expecting(world.path)}hello`);
          expectAnswerTo(await wire.answer('POST'), { method: 'POST', target: world.path, body: 'hello' });
          expect(onlySeen(world).method).toBe('POST');
        }),
    },
    {
      name: 'RFC 9110 10.1.1: 100 of the upstream does not become a second one',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atHead: ({ socket }) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
            atEnd: ({ socket }, request) => socket.write(usualAnswer(request)),
          });
          await wire.send(expecting(world.path));
          expect((await wire.anyAnswer('POST')).status).toBe(100);
          await wire.send('hello');
          expectAnswerTo(await wire.anyAnswer('POST'), { method: 'POST', target: world.path, body: 'hello' });
        }),
    },
    {
      name: 'RFC 9110 10.1.1: what the gateway refuses by its head is refused without a 100',
      run: (world) =>
        onWire(
          world,
          async (wire) => {
            await wire.send(expecting(world.path).replace(hosts.usual, hosts.small).replace(': 5', ': 1001'));
            const answer = await wire.anyAnswer('POST');
            expect(answer.status).toBe(413);
            await wire.ends();
            expect(world.upstream.seen(world.id)).toEqual([]);
          },
          hosts.small,
        ),
    },
    {
      name: 'RFC 9110 10.1.1: an early final answer of the upstream reaches a client that still waits',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atHead: ({ socket }) => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno'),
          });
          await wire.send(expecting(world.path));
          const answer = await wire.answer('POST');
          expect([answer.status, answer.body.toString('latin1')]).toEqual([403, 'no']);
        }),
    },
    {
      name: 'RFC 9110 10.1.1: HTTP/1.0 gets no 100',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(`${expecting(world.path).replace('HTTP/1.1', 'HTTP/1.0')}hello`);
          const answer = await wire.anyAnswer('POST');
          expectAnswerTo(answer, { method: 'POST', target: world.path, body: 'hello' });
        }),
    },
    {
      name: 'RFC 9110 10.1.1: without a body there is nothing to continue',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(get(world.path, 'Expect: 100-continue'));
          expectAnswerTo(await wire.anyAnswer(), { target: world.path });
        }),
    },
    {
      name: 'RFC 9110 10.1.1: another expectation is answered 417',
      async run(world) {
        expect((await ask(world, get(world.path, 'Expect: the-impossible'))).status).toBe(417);
        expect(world.upstream.seen(world.id)).toEqual([]);
      },
    },
  ],
};
