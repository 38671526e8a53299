import { expect } from 'vitest';
import { valuesOf } from '../../http/header-fields.ts';
import { fieldOf } from '../../http/raw-upstream.ts';
import { hosts, type Topic } from '../check.ts';
import { ask, expectAnswerTo, get, onlySeen, serves } from '../requests.ts';

const claims = [
  'X-Forwarded-For: 198.51.100.7',
  'X-Forwarded-Proto: gopher',
  'X-Forwarded-Host: evil.test',
  'X-Forwarded-Port: 1',
  'X-Real-IP: 198.51.100.7',
  'Forwarded: for=198.51.100.7',
];
const ofOneHop = [
  'Keep-Alive: timeout=9',
  'Proxy-Connection: keep-alive',
  'TE: trailers',
  'Upgrade: foo',
  'Trailer: X-T',
  'HTTP2-Settings: AA',
];

/** RFC 9110, 7.6: fields that concern one connection, and fields that say where a request came from. */
export const fieldsOfHops: Topic = {
  title: 'fields of one hop, forwarded fields',
  checks: [
    ...ofOneHop.map((line) => {
      const name = line.slice(0, line.indexOf(':')).toLowerCase();
      return serves(
        `RFC 9110 7.6.1: ${name} of a request is not passed on`,
        (path) => get(path, line),
        {},
        (seen) => expect(fieldOf(seen, name)).toEqual([]),
      );
    }),
    serves(
      'RFC 9110 7.6.1: what Connection of a request names is not passed on, however it is written',
      (path) =>
        get(
          path,
          'X-One: 1',
          'Connection: x-ONE ,, X-Two',
          'X-Two: 2',
          'Connection: x-three',
          'X-Three: 3',
          'X-Four: 4',
        ),
      {},
      (seen) => {
        for (const name of ['x-one', 'x-two', 'x-three']) expect(fieldOf(seen, name)).toEqual([]);
        expect(fieldOf(seen, 'x-four')).toEqual(['4']);
        expect(fieldOf(seen, 'connection').join().toLowerCase()).not.toContain('x-');
      },
    ),
    {
      name: 'RFC 9110 7.6.1: fields of one hop in an answer are not passed on, nor what its Connection names',
      async run(world) {
        const lines = [
          ...ofOneHop.filter((line) => !line.startsWith('TE')),
          'Connection: x-one',
          'X-One: 1',
          'X-Two: 2',
          'Content-Length: 2',
        ];
        world.upstream.script(world.id, {
          atEnd: ({ socket }) => socket.write(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\nok`),
        });
        const answer = await ask(world, get(world.path));
        for (const name of ['proxy-connection', 'upgrade', 'trailer', 'http2-settings', 'x-one']) {
          expect(valuesOf(answer.fields, name)).toEqual([]);
        }
        expect(valuesOf(answer.fields, 'keep-alive').join()).not.toContain('timeout=9');
        expect(valuesOf(answer.fields, 'x-two')).toEqual(['2']);
      },
    },
    {
      name: 'RFC 9110 7.6.1: an answer whose Connection names its length is refused or framed right',
      async run(world) {
        world.upstream.script(world.id, {
          atEnd: ({ socket }) =>
            socket.write('HTTP/1.1 200 OK\r\nConnection: content-length\r\nContent-Length: 2\r\n\r\nok'),
        });
        const answer = await ask(world, get(world.path));
        if (answer.status === 200) expect(answer.body.toString('latin1')).toBe('ok');
        else expect(answer.status).toBe(502);
      },
    },
    serves(
      'RFC 7239 4: what a client claims about its origin is replaced',
      (path) => get(path, ...claims),
      {},
      (seen, _answer, { scheme }) => {
        expect(fieldOf(seen, 'x-forwarded-for')).toEqual(['127.0.0.1']);
        expect(fieldOf(seen, 'x-real-ip')).toEqual(['127.0.0.1']);
        expect(fieldOf(seen, 'x-forwarded-proto')).toEqual([scheme === 'tls' ? 'https' : 'http']);
        expect(fieldOf(seen, 'x-forwarded-host')).toEqual([hosts.usual]);
        expect(fieldOf(seen, 'x-forwarded-port')).not.toEqual(['1']);
        expect(fieldOf(seen, 'forwarded')).toEqual([]);
      },
    ),
    {
      name: 'RFC 7239 4: what a trusted client claims about its origin is kept',
      async run(world) {
        const request = get(world.path, ...claims).replace(hosts.usual, hosts.trusting);
        expectAnswerTo(await ask(world, request, { host: hosts.trusting }), { target: world.path });
        const seen = onlySeen(world);
        expect(fieldOf(seen, 'x-forwarded-for').join(', ')).toBe('198.51.100.7, 127.0.0.1');
        expect(fieldOf(seen, 'x-forwarded-proto')).toEqual(['gopher']);
        expect(fieldOf(seen, 'x-forwarded-host')).toEqual(['evil.test']);
        expect(fieldOf(seen, 'x-real-ip')).toEqual(['198.51.100.7']);
      },
    },
    serves(
      'RFC 7239 4: a claim that Connection names is replaced nevertheless',
      (path) => get(path, ...claims, 'Connection: X-Forwarded-For, X-Real-IP, X-Forwarded-Proto'),
      {},
      (seen) => {
        expect(fieldOf(seen, 'x-forwarded-for')).toEqual(['127.0.0.1']);
        expect(fieldOf(seen, 'x-real-ip')).toEqual(['127.0.0.1']);
      },
    ),
    serves(
      'RFC 9110 7.6.3: Via of the client is passed on',
      (path) => get(path, 'Via: 1.1 first.test'),
      {},
      (seen) => expect(fieldOf(seen, 'via').join()).toContain('1.1 first.test'),
    ),
    serves(
      'RFC 9110 7.2: the upstream gets the Host that the client asked for',
      (path) => get(path),
      {},
      (seen) => expect(fieldOf(seen, 'host')).toEqual([hosts.usual]),
    ),
    serves(
      'RFC 9112 2.3: the upstream is spoken to in HTTP/1.1, also for a client of HTTP/1.0',
      (path) => get(path).replace('HTTP/1.1', 'HTTP/1.0'),
      {},
      (seen) => expect(seen.version).toBe('1.1'),
    ),
  ],
};
