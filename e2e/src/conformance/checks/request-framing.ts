import type { Topic } from '../check.ts';
import { head, post, postChunked, refuses, refusesOrServes, serves } from '../requests.ts';

const withLengths = (path: string, ...lengths: string[]): string =>
  `${head(`POST ${path} HTTP/1.1`, ...lengths.map((length) => `Content-Length:${length}`))}hello`;
const withCodings = (path: string, ...codings: string[]): string =>
  `${head(`POST ${path} HTTP/1.1`, ...codings.map((coding) => `Transfer-Encoding:${coding}`))}5\r\nhello\r\n0\r\n\r\n`;

const oddLengths: readonly (readonly [string, string])[] = [
  ['signed +5', ' +5'],
  ['signed -5', ' -5'],
  ['a list 5,5', ' 5,5'],
  ['a list 5, 5', ' 5, 5'],
  ['a list 5,6', ' 5,6'],
  ['empty', ''],
  ['a space', ' '],
  ['a comma', ' ,'],
  ['two numbers 5 5', ' 5 5'],
  ['hexadecimal 0x5', ' 0x5'],
  ['hexadecimal a', ' a'],
  ['a fraction 5.0', ' 5.0'],
  ['an exponent 5e0', ' 5e0'],
  ['quoted', ' "5"'],
  ['followed by a semicolon', ' 5;'],
  ['with an underscore', ' 1_0'],
  ['digits that are no ASCII', ' \xb2'],
  ['with a vertical tab', ' 5\x0b'],
  ['with a form feed', ' \x0c5'],
];

const oddCodings: readonly (readonly [string, string])[] = [
  ['xchunked', ' xchunked'],
  ['chunkedx', ' chunkedx'],
  ['gzip', ' gzip'],
  ['gzip, chunked', ' gzip, chunked'],
  ['chunked, gzip', ' chunked, gzip'],
  ['identity', ' identity'],
  ['chunked, identity', ' chunked, identity'],
  ['chunked, chunked', ' chunked, chunked'],
  ['chunked with a parameter', ' chunked;q=1'],
  ['quoted', ' "chunked"'],
  ['empty', ''],
  ['with a comma before', ' ,chunked'],
  ['with a comma after', ' chunked,'],
  ['with a vertical tab', '\x0bchunked'],
  ['with a form feed after', ' chunked\x0c'],
  ['with a NUL', ' chunked\0'],
];

/** RFC 9112, 6: where the body of a request ends. */
export const requestFraming: Topic = {
  title: 'framing of requests',
  checks: [
    serves('RFC 9112 6.2: Content-Length frames the body', (path) => post(path, 'hello'), {
      method: 'POST',
      body: 'hello',
    }),
    serves('RFC 9112 6.2: a Content-Length of 0 frames none', (path) => post(path, ''), { method: 'POST' }),
    serves('RFC 9112 6.3: without framing there is no body', (path) => head(`POST ${path} HTTP/1.1`), {
      method: 'POST',
    }),
    serves('RFC 9112 6.1: chunked frames the body', (path) => postChunked(path, 'hello'), {
      method: 'POST',
      body: 'hello',
    }),
    serves('RFC 9112 6.2: white space around Content-Length says nothing', (path) => withLengths(path, '\t 5 \t'), {
      method: 'POST',
      body: 'hello',
    }),
    serves(
      'RFC 9112 6.3: a GET may have a body',
      (path) => `${head(`GET ${path} HTTP/1.1`, 'Content-Length: 5')}hello`,
      {
        body: 'hello',
      },
    ),
    serves('RFC 9112 7: the name of a coding has no case', (path) => withCodings(path, ' CHUNKED'), {
      method: 'POST',
      body: 'hello',
    }),
    refusesOrServes(
      'RFC 9110 8.6: leading zeros of Content-Length say nothing, or are refused',
      (path) => withLengths(path, ' 005'),
      {
        method: 'POST',
        body: 'hello',
      },
    ),
    ...oddLengths.map(([name, length]) =>
      refuses(`RFC 9112 6.3: a Content-Length that is ${name} is refused`, (path) => withLengths(path, length)),
    ),
    ...['99999999999999999999', '18446744073709551621', '9007199254740993'].map((length) =>
      refuses(
        `RFC 9110 8.6: a Content-Length of ${length} is refused, not rounded`,
        (path) => withLengths(path, ` ${length}`),
        [400, 413],
      ),
    ),
    refuses('RFC 9112 6.3: the same Content-Length twice is refused', (path) => withLengths(path, ' 5', ' 5')),
    refuses('RFC 9112 6.3: two Content-Lengths that differ are refused', (path) => withLengths(path, ' 5', ' 6')),
    refuses('RFC 9112 6.3: an empty Content-Length beside a right one is refused', (path) =>
      withLengths(path, ' 5', ''),
    ),
    ...oddCodings.map(([name, coding]) =>
      refuses(
        `RFC 9112 6.1: a Transfer-Encoding that is ${name} is refused`,
        (path) => withCodings(path, coding),
        [400, 501],
      ),
    ),
    refuses(
      'RFC 9112 6.1: chunked in two fields is refused',
      (path) => withCodings(path, ' chunked', ' chunked'),
      [400, 501],
    ),
    refuses(
      'RFC 9112 6.1: two fields of codings are refused',
      (path) => withCodings(path, ' chunked', ' identity'),
      [400, 501],
    ),
    refuses('RFC 9112 6.1: Transfer-Encoding in HTTP/1.0 is refused', (path) =>
      withCodings(path, ' chunked').replace('HTTP/1.1', 'HTTP/1.0'),
    ),
    refuses('RFC 9112 6.1: Content-Length before Transfer-Encoding is refused', (path) =>
      post(path, '0\r\n\r\n', 'Transfer-Encoding: chunked'),
    ),
    refuses('RFC 9112 6.1: Transfer-Encoding before Content-Length is refused', (path) =>
      postChunked(path, 'hello', 'Content-Length: 15'),
    ),
    refuses(
      'RFC 9112 6.1: an unknown coding beside a Content-Length is refused',
      (path) => post(path, 'hello', 'Transfer-Encoding: identity'),
      [400, 501],
    ),
    ...['transfer-encoding', 'content-length', 'host', 'close, Content-Length', 'Transfer-Encoding , keep-alive'].map(
      (option) =>
        refuses(`RFC 9110 7.6.1: Connection naming a framing field (${option}) is refused`, (path) =>
          option.toLowerCase().includes('transfer')
            ? postChunked(path, 'hello', `Connection: ${option}`)
            : post(path, 'hello', `Connection: ${option}`),
        ),
    ),
  ],
};
