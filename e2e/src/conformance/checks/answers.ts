import { expect } from 'vitest';
import type { WireAnswer } from '../../http/answer-parser.ts';
import { valuesOf } from '../../http/header-fields.ts';
import type { Check, Topic } from '../check.ts';
import { expectInStepOrEnded, get, head, onWire } from '../requests.ts';

interface Case {
  readonly method?: string;
  readonly version?: '1.0' | '1.1';
  /** Sent by the upstream; it closes its connection after it when `closes` is set. */
  readonly upstream: string;
  readonly closes?: boolean;
  readonly look: (answer: WireAnswer) => void;
}

const answers = (name: string, { method = 'GET', version = '1.1', upstream, closes = false, look }: Case): Check => ({
  name,
  run: (world) =>
    onWire(world, async (wire) => {
      let isScripted = true;
      world.upstream.script(world.id, {
        atEnd: ({ socket }) => {
          const bytes = Buffer.from(
            isScripted ? upstream : 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext',
            'latin1',
          );
          if (isScripted && closes) socket.end(bytes);
          else socket.write(bytes);
          isScripted = false;
        },
      });
      await wire.send(head(`${method} ${world.path} HTTP/${version}`));
      const answer = await wire.answer(method);
      look(answer);
      if (version === '1.0') {
        expect(await wire.ends()).toBe('closed');
        return;
      }
      await wire.send(get(world.path));
      const next = await wire.answer();
      expect([next.status, next.body.toString('latin1')]).toEqual([200, 'next']);
      await expectInStepOrEnded({ ...world, id: `${world.id}-step`, path: `${world.path}-step` }, wire, next);
    }),
});

const hasBody = (answer: WireAnswer, body: string): void => expect(answer.body.toString('latin1')).toBe(body);
const lengths = (answer: WireAnswer): string[] => valuesOf(answer.fields, 'content-length');

/** RFC 9112, 6 and 7: bodies of answers. */
export const answersOfUpstreams: Topic = {
  title: 'answers',
  checks: [
    answers('RFC 9110 9.3.2: HEAD tells the length of the body that it leaves out', {
      method: 'HEAD',
      upstream: 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n',
      look: (answer) => expect(lengths(answer)).toEqual(['1234']),
    }),
    answers('RFC 9110 9.3.2: HEAD answered as chunked has no body', {
      method: 'HEAD',
      upstream: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      look: (answer) => expect(lengths(answer)).toEqual([]),
    }),
    answers('RFC 9110 9.3.2: HEAD answered without any length has no body and leaves the connection usable', {
      method: 'HEAD',
      upstream: 'HTTP/1.1 200 OK\r\nX: y\r\n\r\n',
      look: (answer) => expect(answer.status).toBe(200),
    }),
    answers('RFC 9110 15.3.5: 204 has neither body nor length', {
      upstream: 'HTTP/1.1 204 No Content\r\nX: y\r\n\r\n',
      look: (answer) => expect([answer.status, lengths(answer)]).toEqual([204, []]),
    }),
    answers('RFC 9110 8.6: the length of a 204 is dropped, or the answer is refused', {
      upstream: 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
      look: (answer) => expect([204, 502]).toContain(answer.status),
    }),
    answers('RFC 9110 15.4.5: 304 has no body and may tell the length', {
      upstream: 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 500\r\n\r\n',
      look: (answer) => {
        expect([answer.status, valuesOf(answer.fields, 'etag')]).toEqual([304, ['"x"']]);
        expect(['500', undefined]).toContain(lengths(answer)[0]);
      },
    }),
    answers('RFC 9112 6.2: an answer with its length keeps it', {
      upstream: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      look: (answer) => {
        expect(lengths(answer)).toEqual(['5']);
        hasBody(answer, 'hello');
      },
    }),
    answers('RFC 9112 6.2: an answer of length 0 is complete', {
      upstream: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      look: (answer) => hasBody(answer, ''),
    }),
    answers('RFC 9112 7.1: a chunked answer is framed anew, without its extensions', {
      upstream: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6;c\r\n world\r\n0;z\r\n\r\n',
      look: (answer) => {
        expect(answer.framing).toBe('chunked');
        hasBody(answer, 'hello world');
      },
    }),
    answers('RFC 9112 7.1.2: a trailer of an answer does not become a field of the next', {
      upstream: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-T: 1\r\nSet-Cookie: a=1\r\n\r\n',
      look: (answer) => {
        hasBody(answer, 'a');
        expect(answer.trailers.map(({ name }) => name)).not.toContain('set-cookie');
      },
    }),
    answers('RFC 9112 6.3: an answer that ends with its connection ends cleanly for the client', {
      upstream: 'HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello',
      closes: true,
      look: (answer) => {
        expect(answer.framing).toBe('chunked');
        hasBody(answer, 'hello');
      },
    }),
    answers('RFC 9112 2.3: an answer of HTTP/1.0 is understood', {
      upstream: 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello',
      closes: true,
      look: (answer) => hasBody(answer, 'hello'),
    }),
    answers('RFC 9112 6.1: a client of HTTP/1.0 gets a chunked answer without chunks', {
      version: '1.0',
      upstream: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      look: (answer) => {
        expect(['close', 'length']).toContain(answer.framing);
        hasBody(answer, 'hello');
      },
    }),
    answers('RFC 9112 6.3: a client of HTTP/1.0 gets an answer that ends with its connection', {
      version: '1.0',
      upstream: 'HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello',
      closes: true,
      look: (answer) => hasBody(answer, 'hello'),
    }),
    answers('RFC 9112 4: a reason phrase is passed on or replaced, and never breaks the line', {
      upstream: 'HTTP/1.1 299 Quite \xe9 all right\r\nContent-Length: 2\r\n\r\nok',
      look: (answer) => expect(answer.status).toBe(299),
    }),
    answers('RFC 9112 4: an empty reason phrase is understood', {
      upstream: 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok',
      look: (answer) => hasBody(answer, 'ok'),
    }),
    answers('RFC 9110 5.3: Set-Cookie fields stay apart and in order', {
      upstream: 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\nSet-Cookie: b=2, c\r\n\r\nok',
      look: (answer) => expect(valuesOf(answer.fields, 'set-cookie')).toEqual(['a=1', 'b=2, c']),
    }),
    answers('RFC 9110 5.5: bytes beyond ASCII in a value of an answer are passed on as they are', {
      upstream: 'HTTP/1.1 200 OK\r\nX-Field: \x80\xff\xe9\r\nContent-Length: 2\r\n\r\nok',
      look: (answer) => expect(valuesOf(answer.fields, 'x-field')).toEqual(['\x80\xff\xe9']),
    }),
    {
      name: 'RFC 9110 9.3.2: the gateway’s own answer to HEAD has no body',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(`HEAD ${world.path} HTTP/1.1\r\nHost: nobody.test\r\n\r\n${get(`${world.path}/next`)}`);
          expect([404, 421]).toContain((await wire.answer('HEAD')).status);
          expect((await wire.answer()).status).toBe(200);
        }),
    },
  ],
};
