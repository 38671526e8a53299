import { expect } from 'vitest';
import { fieldOf, type SeenRequest } from '../../http/raw-upstream.ts';
import type { CheckWorld, Topic } from '../check.ts';
import { breaksOff, bytesOf, head, onWire, refusesOrServes, serves } from '../requests.ts';

const withBody = (path: string, body: string, ...lines: string[]): string =>
  head(`POST ${path} HTTP/1.1`, 'Transfer-Encoding: chunked', ...lines) + body;

const badSizes: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['no number', 'xyz'],
  ['signed +5', '+5'],
  ['signed -5', '-5'],
  ['0x5', '0x5'],
  ['with an underscore', '0_5'],
  ['after a space', ' 5'],
  ['before a space', '5 '],
  ['before a tab', '5\t'],
  ['before a comma', '5,'],
  ['two numbers', '5 5'],
  ['of 17 digits', 'ffffffffffffffff5'],
  ['of 64 bits', 'fffffffffffffffb'],
  ['with a NUL', '5\0'],
  ['with a NUL in its extension', '5;a\0'],
  ['with a bare carriage return in its extension', '5;a\rb'],
];
const badBodies: readonly (readonly [string, string])[] = [
  ['a size that ends in a bare line feed', '5\nhello\r\n0\r\n\r\n'],
  ['an extension that ends in a bare line feed', '5;a\nhello\r\n0\r\n\r\n'],
  ['a size that ends in a bare carriage return', '5\rhello\r\n0\r\n\r\n'],
  ['content that ends in a bare line feed', '5\r\nhello\n0\r\n\r\n'],
  ['content without an end of line', '5\r\nhello0\r\n\r\n'],
  ['content longer than its size', '5\r\nhelloX\r\n0\r\n\r\n'],
  ['content that ends in a bare carriage return', '5\r\nhello\r0\r\n\r\n'],
  ['a last chunk that ends in a bare line feed', '5\r\nhello\r\n0\n\r\n'],
  ['an end of a bare line feed', '5\r\nhello\r\n0\r\n\n'],
  ['an end of a bare carriage return', '5\r\nhello\r\n0\r\n\rX'],
  ['a trailer with a space before the colon', '5\r\nhello\r\n0\r\nX-T : 1\r\n\r\n'],
  ['a trailer without a colon', '5\r\nhello\r\n0\r\nX-T\r\n\r\n'],
  ['a folded trailer', '5\r\nhello\r\n0\r\nX-T: 1\r\n 2\r\n\r\n'],
  ['a trailer with a NUL', '5\r\nhello\r\n0\r\nX-T: \0\r\n\r\n'],
  ['a trailer that ends in a bare line feed', '5\r\nhello\r\n0\r\nX-T: 1\n\r\n'],
];
const goodBodies: readonly (readonly [string, string, string])[] = [
  ['in many chunks', '1\r\nh\r\n2\r\nel\r\n2\r\nlo\r\n0\r\n\r\n', 'hello'],
  ['of nothing', '0\r\n\r\n', ''],
  ['with sizes in capitals', `A\r\n0123456789\r\n0\r\n\r\n`, '0123456789'],
  ['with sizes in small letters', `a\r\n0123456789\r\n0\r\n\r\n`, '0123456789'],
  ['with leading zeros', '00005\r\nhello\r\n000\r\n\r\n', 'hello'],
  ['that contains CRLF and chunk sizes', 'b\r\n\r\n0\r\n\r\n5\r\nx\r\n0\r\n\r\n', '\r\n0\r\n\r\n5\r\nx'],
];

function expectDropped(seen: SeenRequest, trailer: string): void {
  const [name = '', value] = trailer.split(': ');
  expect(seen.trailers.map((field) => field.name)).not.toContain(name.toLowerCase());
  expect(fieldOf(seen, name.toLowerCase())).not.toContain(value);
}

/** RFC 9112, 7.1: the chunked coding of requests. */
export const chunkedRequests: Topic = {
  title: 'chunked requests',
  checks: [
    ...badSizes.map(([name, size]) =>
      breaksOff(`RFC 9112 7.1: a chunk size that is ${name} never completes a request`, (path) =>
        withBody(path, `${size}\r\nhello\r\n0\r\n\r\n`),
      ),
    ),
    ...badBodies.map(([name, body]) =>
      breaksOff(`RFC 9112 7.1: ${name} never completes a request`, (path) => withBody(path, body)),
    ),
    ...goodBodies.map(([name, body, content]) =>
      serves(`RFC 9112 7.1: a chunked body ${name} is passed on`, (path) => withBody(path, body), {
        method: 'POST',
        body: content,
      }),
    ),
    ...['5;a', '5;a=b', '5;a="b;c"', '5;a;b=c'].map((size) =>
      serves(
        `RFC 9112 7.1.1: the chunk extension of ${size} is dropped`,
        (path) => withBody(path, `${size}\r\nhello\r\n0;z=9\r\n\r\n`),
        { method: 'POST', body: 'hello' },
        (seen, _answer, world) => expect(bytesOf(world, seen)).not.toMatch(/;[az]/),
      ),
    ),
    refusesOrServes(
      'RFC 9110 5.6.3: white space before a chunk extension is removed, or the body is refused',
      (path) => withBody(path, '5 ;a\r\nhello\r\n0\r\n\r\n'),
      { method: 'POST', body: 'hello' },
    ),
    ...['Content-Length: 0', 'Transfer-Encoding: gzip'].map((trailer) => ({
      name: `RFC 9110 6.5.1: a trailer of ${trailer} is dropped, or the body is refused`,
      run: (world: CheckWorld) =>
        onWire(world, async (wire) => {
          await wire.send(withBody(world.path, `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`));
          const outcome = await wire.answer('POST').then(
            ({ status }) => status,
            () => 'cut off',
          );
          expect([200, 400, 502, 'cut off']).toContain(outcome);
          for (const seen of world.upstream.seen(world.id)) expectDropped(seen, trailer);
        }),
    })),
    ...['Host: other.test', 'Authorization: x', 'Connection: close', 'X-Forwarded-For: 9.9.9.9'].map((trailer) =>
      serves(
        `RFC 9110 6.5.1: a trailer of ${trailer} does not become a field`,
        (path) => withBody(path, `5\r\nhello\r\n0\r\n${trailer}\r\n\r\n`),
        { method: 'POST', body: 'hello' },
        (seen) => expectDropped(seen, trailer),
      ),
    ),
    serves(
      'RFC 9112 7.1.2: a harmless trailer does no harm',
      (path) => withBody(path, '5\r\nhello\r\n0\r\nX-Checksum: 1\r\n\r\n', 'Trailer: X-Checksum'),
      { method: 'POST', body: 'hello' },
      (seen) => expect(fieldOf(seen, 'x-checksum')).toEqual([]),
    ),
  ],
};
