import { expect } from 'vitest';
import { fieldOf } from '../../http/raw-upstream.ts';
import { hosts, type Topic } from '../check.ts';
import { get, refuses, refusesOrServes, serves } from '../requests.ts';

const controlBytes = [0x00, 0x01, 0x07, 0x08, 0x0b, 0x0c, 0x0e, 0x1b, 0x1f, 0x7f];
const shown = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
const badNames: readonly (readonly [string, string])[] = [
  ['with a space inside', 'X Y: z'],
  ['with a slash', 'X/Y: z'],
  ['in quotes', '"X": z'],
  ['with a bracket', 'X[]: z'],
  ['that is empty', ': z'],
  ['that is no ASCII', 'X\xe9: z'],
  ['without a colon', 'X-Nothing'],
];
const everyTokenByte = "X!#$%&'*+-.^_`|~09azAZ";

/** RFC 9112, 2.2 and 5: lines and fields. */
export const headSyntax: Topic = {
  title: 'syntax of the head',
  checks: [
    refuses('RFC 9112 5.1: a space before the colon is refused', (path) => get(path, 'X-Field : y')),
    refuses('RFC 9112 5.1: a tab before the colon is refused', (path) => get(path, 'X-Field\t: y')),
    refuses('RFC 9112 5.1: a space before the colon of Transfer-Encoding is refused', (path) =>
      get(path, 'Transfer-Encoding : chunked'),
    ),
    refuses('RFC 9112 5.1: a space before the colon of Content-Length is refused', (path) =>
      get(path, 'Content-Length : 5'),
    ),
    refuses('RFC 9112 5.2: a folded field is refused', (path) => get(path, 'X-Field: a', ' b')),
    refuses('RFC 9112 5.2: a field folded by a tab is refused', (path) => get(path, 'X-Field: a', '\tb')),
    refuses('RFC 9112 5.2: a folded Transfer-Encoding is refused', (path) =>
      get(path, 'Transfer-Encoding:', ' chunked'),
    ),
    refuses('RFC 9112 2.2: white space before the first field is refused', (path) =>
      get(path).replace('\r\nHost', '\r\n X-Field: y\r\nHost'),
    ),
    refuses('RFC 9112 2.2: a head of bare line feeds is refused', (path) => get(path).replaceAll('\r\n', '\n')),
    refuses('RFC 9112 2.2: one bare line feed between fields is refused', (path) =>
      get(path, 'X-Field: y').replace('\r\nX-', '\nX-'),
    ),
    refuses('RFC 9112 2.2: a request line that ends in a bare line feed is refused', (path) =>
      get(path).replace('\r\n', '\n'),
    ),
    refuses('RFC 9112 2.2: an empty line of a bare line feed is refused', (path) => get(path).replace(/\r\n$/, '\n')),
    refuses('RFC 9112 2.2: a bare carriage return in a value is refused', (path) => get(path, 'X-Field: a\rb')),
    refuses('RFC 9112 2.2: a bare carriage return that hides a field is refused', (path) =>
      get(path, 'X-Field: a\rTransfer-Encoding: chunked'),
    ),
    refuses('RFC 9112 2.2: two carriage returns before a line feed are refused', (path) => get(path, 'X-Field: a\r')),
    refuses('RFC 9112 2.2: a bare carriage return in the request line is refused', (path) =>
      get(path).replace(' HTTP/1.1', ' HTTP/1.1\r'),
    ),
    ...controlBytes.flatMap((byte) => [
      refuses(`RFC 9110 5.5: ${shown(byte)} in a value is refused`, (path) =>
        get(path, `X-Field: a${String.fromCharCode(byte)}b`),
      ),
      refuses(`RFC 9110 5.1: ${shown(byte)} in a name is refused`, (path) =>
        get(path, `X-${String.fromCharCode(byte)}F: a`),
      ),
      refuses(`RFC 9112 3: ${shown(byte)} in the target is refused`, (path) =>
        get(`${path}/${String.fromCharCode(byte)}`),
      ),
    ]),
    ...badNames.map(([name, line]) =>
      refuses(`RFC 9110 5.1: a field name ${name} is refused`, (path) => get(path, line)),
    ),
    serves(
      'RFC 9110 5.6.2: every byte of a token may stand in a name',
      (path) => get(path, `${everyTokenByte}: v`),
      {},
      (seen) => {
        expect(fieldOf(seen, everyTokenByte.toLowerCase())).toEqual(['v']);
      },
    ),
    serves(
      'RFC 9110 5.5: white space around a value is no part of it, inside it is',
      (path) => get(path, 'X-Field: \t a \t b \t '),
      {},
      (seen) => expect(fieldOf(seen, 'x-field')).toEqual(['a \t b']),
    ),
    serves(
      'RFC 9110 5.5: bytes beyond ASCII in a value are passed on as they are',
      (path) => get(path, 'X-Field: \x80\xff\xe9'),
      {},
      (seen) => expect(fieldOf(seen, 'x-field')).toEqual(['\x80\xff\xe9']),
    ),
    serves(
      'RFC 9110 5.5: an empty value is passed on',
      (path) => get(path, 'X-Field:'),
      {},
      (seen) => expect(fieldOf(seen, 'x-field')).toEqual(['']),
    ),
    serves(
      'RFC 9110 5.3: fields of the same name keep their order',
      (path) => get(path, 'X-Field: 1', 'X-Other: 2', 'x-field: 3', 'X-FIELD: 4'),
      {},
      (seen) => expect(fieldOf(seen, 'x-field').join(', ')).toBe('1, 3, 4'),
    ),
    serves(
      'RFC 9110 5.4: a hundred fields are passed on',
      (path) => get(path, ...Array.from({ length: 100 }, (_, index) => `X-Field-${index}: ${index}`)),
      {},
      (seen) => expect(fieldOf(seen, 'x-field-99')).toEqual(['99']),
    ),
    serves('RFC 9112 2.2: an empty line before the request line says nothing', (path) => `\r\n${get(path)}`),
    serves('RFC 9110 4.2.3: the name of a field has no case', (path) => get(path).replace('Host:', 'hOsT:')),
    refuses('RFC 9112 3.2: no Host in HTTP/1.1 is refused', (path) => `GET ${path} HTTP/1.1\r\nX: y\r\n\r\n`),
    refuses('RFC 9112 3.2: two Hosts are refused', (path) => get(path, 'Host: other.test')),
    refuses('RFC 9112 3.2: the same Host twice is refused', (path) => get(path, `Host: ${hosts.usual}`)),
    ...['', 'a b', 'a/b', 'a,b', 'user@a', 'a:port', 'a:1:2', '[::1', 'a?b', 'a#b', 'a\\b'].map((host) =>
      refuses(`RFC 9112 3.2: a Host of ${JSON.stringify(host)} is refused`, (path) =>
        get(path).replace(hosts.usual, host),
      ),
    ),
    serves('RFC 9110 4.2.3: the name of a host has no case', (path) =>
      get(path).replace(hosts.usual, hosts.usual.toUpperCase()),
    ),
    serves('RFC 9110 7.2: a port in Host does not change the host', (path) =>
      get(path).replace(hosts.usual, `${hosts.usual}:8080`),
    ),
    refusesOrServes(
      'RFC 9112 3: bytes beyond ASCII in the target are passed on as they are, or refused',
      (path) => get(`${path}/\xe9`),
      {
        target: '/\xe9',
      },
    ),
  ],
};
