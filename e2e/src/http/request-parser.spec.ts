import { describe, expect, it } from 'vitest';
import { readWithNode } from './node-requests.ts';
import { parseRequest, parseRequests } from './request-parser.ts';
import { canonicalTarget } from './request-rules.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const faultOf = (text: string): string | null => {
  const parsed = parseRequest(bytes(text));
  return parsed.kind === 'malformed' ? parsed.fault : null;
};
const withFields = (...lines: string[]): string => ['POST / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n');

describe('the strict reference parser', () => {
  const stream = [
    'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
    'POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n',
    '\r\nHEAD http://a/4 HTTP/1.1\r\nHost: A\r\n\r\n',
    'OPTIONS * HTTP/1.0\r\n\r\n',
  ].join('');

  it('takes pipelined requests apart at their bounds', () => {
    const { requests, rest } = parseRequests(bytes(stream));
    expect(requests.map(({ method, target, body }) => `${method} ${target} ${body.toString()}`.trim())).toEqual([
      'GET /1',
      'POST /2 hello',
      'POST /3 abcde',
      'HEAD http://a/4',
      'OPTIONS *',
    ]);
    expect(rest).toMatchObject({ kind: 'incomplete', start: stream.length });
  });

  it('never takes a part of a message for all of it', () => {
    const whole = 'POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    for (let length = 0; length < whole.length; length += 1) {
      expect(parseRequest(bytes(whole.slice(0, length))).kind).toBe('incomplete');
    }
    expect(parseRequest(bytes(whole)).kind).toBe('request');
  });

  it('sees the same requests as Node’s parser where both take the bytes', async () => {
    const { requests } = parseRequests(bytes(stream.slice(0, stream.indexOf('OPTIONS'))));
    const read = await readWithNode(bytes(stream));
    expect(read.slice(0, 4).map(({ method, target, body }) => [method, target, body.toString()])).toEqual(
      requests.map(({ method, target, body }) => [method, target, body.toString()]),
    );
  });

  it.each([
    ['request line', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['method', 'G(T / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['target', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['version', 'GET / HTTP/1.2\r\nHost: a\r\n\r\n'],
    ['Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['Host', withFields('Host: a')],
    ['authority', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['bare line feed', 'GET / HTTP/1.1\nHost: a\n\n'],
    ['bare carriage return', withFields('X: a\rb')],
    ['folded field', withFields('X: a', ' b')],
    ['space before colon', withFields('X : a')],
    ['field name', withFields('X')],
    ['field value', withFields('X: a\0b')],
    ['Content-Length', `${withFields('Content-Length: +5')}hello`],
    ['Content-Length', `${withFields('Content-Length: 5', 'Content-Length: 5')}hello`],
    ['Transfer-Encoding', withFields('Transfer-Encoding: chunked, chunked')],
    ['Transfer-Encoding in HTTP/1.0', withFields('Transfer-Encoding: chunked').replace('1.1', '1.0')],
    ['both framings', withFields('Content-Length: 5', 'Transfer-Encoding: chunked')],
    ['Connection', withFields('Connection: close, Transfer-Encoding')],
    ['chunk size', `${withFields('Transfer-Encoding: chunked')}0x5\r\n`],
    ['chunk end', `${withFields('Transfer-Encoding: chunked')}5\r\nhelloX`],
  ])('refuses: %s (%j)', (fault, text) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('gives targets of one meaning one form', () => {
    expect(canonicalTarget('http://a/%41%2f/./b/../c?x=%2f')).toBe('/A%2F/c?x=%2f');
    expect(canonicalTarget('/a/..')).toBe('/');
    expect(canonicalTarget('/a//b/')).toBe('/a//b/');
  });
});
