import { expect } from 'vitest';
import { hosts, type Topic } from '../check.ts';
import { ask, get, head, refuses, refusesOrServes, serves } from '../requests.ts';

const line = (text: string): string => head(text);
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const versions = [
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/3.0',
  'HTTP/0.9',
  'HTTP/1',
  'HTTP/1.',
  'HTTP/1.10',
  'HTTP/01.1',
  'http/1.1',
  'HTTP1.1',
  'ICY/1.1',
  'HTTP/1.1x',
  'HTTP /1.1',
];

/** RFC 9112, 3: the request line. */
export const requestLine: Topic = {
  title: 'the request line',
  checks: [
    ...methods.map((method) =>
      serves(`RFC 9110 9: ${method} is passed on`, (path) => line(`${method} ${path} HTTP/1.1`), { method }),
    ),
    ...['get', 'Get', 'gET', 'FOO', 'X-METHOD', "M!#$%&'*+-.^_`|~"].map((method) =>
      refusesOrServes(
        `RFC 9110 9.1: ${method} is a method of its own: passed on as it is, or refused`,
        (path) => line(`${method} ${path} HTTP/1.1`),
        {
          method,
        },
      ),
    ),
    ...['G(T', 'GE:T', '"GET"', 'G\xc9T', '{GET}'].map((method) =>
      refuses(
        `RFC 9112 3.1: a method of ${JSON.stringify(method)} is refused`,
        (path) => line(`${method} ${path} HTTP/1.1`),
        [400, 501],
      ),
    ),
    refuses('RFC 9112 3: two spaces after the method are refused', (path) => line(`GET  ${path} HTTP/1.1`)),
    refuses('RFC 9112 3: two spaces before the version are refused', (path) => line(`GET ${path}  HTTP/1.1`)),
    refuses('RFC 9112 3: a space after the version is refused', (path) => line(`GET ${path} HTTP/1.1 `)),
    refuses('RFC 9112 3: a space before the method is refused', (path) => line(` GET ${path} HTTP/1.1`)),
    refuses('RFC 9112 3: tabs for spaces are refused', (path) => line(`GET\t${path}\tHTTP/1.1`)),
    refuses('RFC 9112 3: a tab in the target is refused', (path) => line(`GET ${path}\tx HTTP/1.1`)),
    refuses('RFC 9112 3: a space in the target is refused', (path) => line(`GET ${path} x HTTP/1.1`)),
    refuses('RFC 9112 3: a line without target is refused', () => line('GET HTTP/1.1')),
    refuses('RFC 9112 3: a line without method is refused', (path) => line(`${path} HTTP/1.1`)),
    refuses('RFC 9112 3.2: a fragment is refused', (path) => line(`GET ${path}#part HTTP/1.1`)),
    refuses('RFC 9112 3.2: a target that begins with neither slash nor scheme is refused', (path) =>
      line(`GET ${path.slice(1)} HTTP/1.1`),
    ),
    refuses('RFC 9112 3.2: a target that begins with a question mark is refused', () => line('GET ?x HTTP/1.1')),
    refuses('RFC 9112 3.2.4: * with another method than OPTIONS is refused', () => line('GET * HTTP/1.1')),
    refuses('RFC 9112 3.2.3: a target of an authority alone is refused', () => line(`GET ${hosts.usual}:80 HTTP/1.1`)),
    refuses('RFC 9110 9.3.6: CONNECT is refused', () => line(`CONNECT ${hosts.usual}:443 HTTP/1.1`), [400, 405, 501]),
    refuses(
      'RFC 9110 9.3.6: CONNECT to a path is refused',
      (path) => line(`CONNECT ${path} HTTP/1.1`),
      [400, 405, 501],
    ),
    ...versions.map((version) =>
      refuses(`RFC 9112 2.3: a version of ${version} is refused`, (path) => line(`GET ${path} ${version}`), [400, 505]),
    ),
    refuses('RFC 9112 2.3: HTTP/0.9 is refused', (path) => `GET ${path}\r\n`, [400, 505]),
    {
      ...refuses(
        'RFC 9113 3.2: the preface of HTTP/2 is refused where nobody has agreed on HTTP/2',
        () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        [400, 505],
      ),
      // In clear text it needs no agreement (RFC 9113, 3.3).
      over: 'tls',
    },
    refuses('RFC 9112 3: the hello of TLS inside the stream is refused', () =>
      Buffer.from('16030100a5010000a103030a0d0a0d0a', 'hex'),
    ),
    refuses(
      'RFC 9112 3: a target of 20,000 bytes is refused with 414 or 431',
      (path) => line(`GET ${path}/${'x'.repeat(20_000)} HTTP/1.1`),
      [414, 431],
    ),
    serves(
      'RFC 9112 3: a target of 8,000 bytes is passed on',
      (path) => line(`GET ${path}/${'x'.repeat(8_000)} HTTP/1.1`),
      {
        target: `/${'x'.repeat(8_000)}`,
      },
    ),
    serves(
      'RFC 9112 3.2.1: the query is passed on as it is',
      (path) => line(`GET ${path}?a=1&b=%20+&c=/?:@!$'()*,;= HTTP/1.1`),
      {
        target: "?a=1&b=%20+&c=/?:@!$'()*,;=",
      },
    ),
    serves(
      'RFC 9112 3.2.2: an absolute form of the authority of Host is served',
      (path) => line(`GET http://${hosts.usual}${path}?x HTTP/1.1`),
      {
        target: '?x',
      },
    ),
    serves('RFC 9112 3.2.2: the authority of an absolute form has no case', (path) =>
      line(`GET HTTP://${hosts.usual.toUpperCase()}${path} HTTP/1.1`),
    ),
    refuses('RFC 9112 3.2.2: an absolute form of another authority is refused', (path) =>
      line(`GET http://other.test${path} HTTP/1.1`),
    ),
    refuses('RFC 9112 3.2.2: an absolute form of another port is refused', (path) =>
      line(`GET http://${hosts.usual}:81${path} HTTP/1.1`),
    ),
    refuses('RFC 9110 4.2.4: an absolute form with user information is refused', (path) =>
      line(`GET http://me@${hosts.usual}${path} HTTP/1.1`),
    ),
    refuses('RFC 9112 3.2.2: an absolute form of another scheme is refused', (path) =>
      line(`GET ftp://${hosts.usual}${path} HTTP/1.1`),
    ),
    {
      name: 'RFC 9112 3.2.4: OPTIONS * gets a well-formed answer that is no error of the server',
      async run(world) {
        const answer = await ask(world, line('OPTIONS * HTTP/1.1'), { method: 'OPTIONS' });
        expect(answer.status).toBeLessThan(500);
      },
    },
    refuses('RFC 9112 2.2: bytes that are no HTTP at all are refused', () => '\x80\x81\x82\x83\r\n\r\n'),
    refuses('RFC 9112 3: a body left over is not taken for a request line', (path) =>
      get(path).replace('GET', 'hello worldGET'),
    ),
  ],
};
