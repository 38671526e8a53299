import { expect } from 'vitest';
import { chunk } from '../../http/chunked-body.ts';
import { usualAnswer } from '../../http/raw-upstream.ts';
import type { Check, Topic } from '../check.ts';
import { expectAnswerTo, expectInStepOrEnded, get, head, onWire, post } from '../requests.ts';

const mebibyte = 1024 * 1024;

const passesEvents = (name: string, framing: string, write: (event: string) => string | Buffer): Check => ({
  name: `WHATWG HTML 9.2: an event stream ${name} is not held back`,
  run: (world) =>
    onWire(world, async (wire) => {
      const [first, second] = ['data: 1\n\n\n\n', 'data: 2\n\n\n\n'];
      const hasCome = Promise.withResolvers<void>();
      world.upstream.script(world.id, {
        atEnd: async ({ socket }) => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n${framing}\r\n\r\n`);
          socket.write(write(first));
          await hasCome.promise;
          socket.write(write(second));
          if (framing.endsWith('chunked')) socket.write(chunk());
          if (framing === 'X: y') socket.end();
        },
      });
      await wire.send(get(world.path));
      await wire.receives('data: 1');
      hasCome.resolve();
      expect((await wire.answer()).body.toString('latin1')).toBe(first + second);
    }),
});

const answersHalfClosed = (
  name: string,
  request: (path: string) => string,
  expected: { method: string; body: string },
): Check => ({
  name: `RFC 9112 9.6: a client that ends its sending side after ${name} gets its answer, then the end`,
  run: (world) =>
    onWire(world, async (wire) => {
      world.upstream.script(world.id, {
        atEnd: ({ socket }, seen) => setTimeout(() => socket.write(usualAnswer(seen)), 50),
      });
      await wire.send(request(world.path));
      wire.finishSending();
      expectAnswerTo(await wire.answer(expected.method), { ...expected, target: world.path });
      expect(await wire.ends()).toBe('closed');
    }),
});

/** Bytes pass on as they come, and ends of either side do what they should. */
export const streaming: Topic = {
  title: 'streaming, early answers and half-closed connections',
  checks: [
    passesEvents('chunked', 'Transfer-Encoding: chunked', (event) => chunk(event)),
    passesEvents('with a length', 'Content-Length: 22', (event) => event),
    passesEvents('that ends with its connection', 'X: y', (event) => event),
    {
      name: 'RFC 9112 7.1: the head of an answer is passed on before its body',
      run: (world) =>
        onWire(world, async (wire) => {
          const body = Promise.withResolvers<void>();
          world.upstream.script(world.id, {
            atEnd: async ({ socket }) => {
              socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
              await body.promise;
              socket.write('hello');
            },
          });
          await wire.send(get(world.path));
          expect((await wire.head()).status).toBe(200);
          body.resolve();
          expect((await wire.answer()).body.toString('latin1')).toBe('hello');
        }),
    },
    {
      name: 'RFC 9112 7.1: a request body is passed on as it comes',
      run: (world) =>
        onWire(world, async (wire) => {
          const first = Promise.withResolvers<void>();
          world.upstream.script(world.id, {
            atHead: ({ socket, body }) => {
              const look = (): void => {
                if (body().toString('latin1') === 'hello') first.resolve();
              };
              socket.on('data', () => setImmediate(look));
              setImmediate(look);
            },
            atEnd: ({ socket }, request) => socket.write(usualAnswer(request)),
          });
          await wire.send(`${head(`POST ${world.path} HTTP/1.1`, 'Transfer-Encoding: chunked')}5\r\nhello\r\n`);
          await first.promise;
          await wire.send('6\r\n world\r\n0\r\n\r\n');
          expectAnswerTo(await wire.answer('POST'), { method: 'POST', target: world.path, body: 'hello world' });
        }),
    },
    {
      name: 'RFC 9112 9.3: an early answer reaches a client that still sends, and the rest of the body is never read as a request',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atHead: ({ socket }) => socket.write('HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nbig'),
          });
          const smuggled = get(`${world.path}/smuggled`);
          await wire.send(`${head(`POST ${world.path} HTTP/1.1`, `Content-Length: ${mebibyte}`)}begin`);
          const answer = await wire.answer('POST');
          expect([answer.status, answer.body.toString('latin1')]).toEqual([403, 'big']);
          await wire.send(smuggled.repeat(100));
          await wire.isQuiet(50);
          expect(wire.bytes.toString('latin1')).toBe('');
          expect(world.upstream.seen(world.id)).toEqual([]);
        }),
    },
    {
      name: 'RFC 9112 9.3: after an early answer a client that completes its body is in step, or its connection has ended',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atHead: ({ socket, head: { method, target } }) =>
              socket.write(
                method === 'POST'
                  ? 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'
                  : usualAnswer({ method, target, body: Buffer.alloc(0), sequence: 0 }),
              ),
          });
          await wire.send(`${head(`POST ${world.path} HTTP/1.1`, 'Content-Length: 10')}hello`);
          const answer = await wire.answer('POST');
          expect(answer.status).toBe(403);
          await wire.send('world');
          await expectInStepOrEnded(world, wire, answer);
        }),
    },
    {
      name: 'RFC 9112 9.5: an early answer with the end of the upstream’s connection reaches the client',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atHead: ({ socket }) =>
              socket.end('HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig'),
          });
          await wire.send(`${head(`POST ${world.path} HTTP/1.1`, `Content-Length: ${mebibyte}`)}begin`);
          expect((await wire.answer('POST')).status).toBe(413);
        }),
    },
    answersHalfClosed('a GET', (path) => get(path), { method: 'GET', body: '' }),
    answersHalfClosed('a POST', (path) => post(path, 'hello'), { method: 'POST', body: 'hello' }),
    {
      name: 'RFC 9112 9.6: pipelined requests before the end of the sending side are all answered',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(get(`${world.path}/1`) + get(`${world.path}/2`) + get(`${world.path}/3`));
          wire.finishSending();
          for (const step of ['1', '2', '3']) expectAnswerTo(await wire.answer(), { target: `${world.path}/${step}` });
          expect(await wire.ends()).toBe('closed');
        }),
    },
    {
      name: 'RFC 9112 8: a client that ends its sending side inside a body completes no request',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(`${head(`POST ${world.path} HTTP/1.1`, 'Content-Length: 10')}hello`);
          wire.finishSending();
          await wire.ends();
          expect(world.upstream.seen(world.id)).toEqual([]);
          expect(wire.bytes.toString('latin1')).not.toContain('HTTP/1.1 200');
        }),
    },
    {
      name: 'RFC 9112 9.6: a client that has gone ends its request at the upstream',
      run: (world) =>
        onWire(world, async (wire) => {
          const reached = Promise.withResolvers<void>();
          const gone = Promise.withResolvers<void>();
          world.upstream.script(world.id, {
            atEnd: ({ socket }) => {
              socket.once('close', () => gone.resolve());
              reached.resolve();
            },
          });
          await wire.send(get(world.path));
          await reached.promise;
          wire.reset();
          await gone.promise;
        }),
    },
  ],
};
