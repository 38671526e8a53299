import 'reflect-metadata';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AddressSet } from '../matching/address-set.ts';
import type { NoiseReason } from '../metrics.ts';
import { version2 } from '../proxy-protocol/testing/version-2-header.ts';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, socketKinds, startEngine } from '../testing/index.ts';

const running: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

let certificate: TestCertificate;
let innerCertificate: TestCertificate;
beforeAll(async () => {
  certificate = await createCertificate({ name: 'db.test' });
  innerCertificate = await createCertificate({ name: 'inner.test' });
});

const headers: readonly (readonly [string, Buffer])[] = [
  ['1', Buffer.from('PROXY TCP4 203.0.113.7 10.0.0.1 56324 80\r\n')],
  ['2', version2({ source: '203.0.113.7', withChecksum: true })],
];

function greet(text: string) {
  return (socket: Socket): void => {
    socket.on('error', () => undefined);
    socket.once('data', (data: Buffer) => socket.end(`${text} got ${data.toString()}`));
  };
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function everything(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

async function say(port: number, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const writeFrom = (index: number): void => {
    const part = parts[index];
    if (part !== undefined) socket.write(part, () => setImmediate(writeFrom, index + 1));
  };
  socket.once('connect', () => writeFrom(0));
  return everything(socket);
}

async function sayOverTls(
  port: number,
  header: Buffer,
  { name, ca }: { readonly name: string; readonly ca: string },
): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.write(header);
  const secure = connectTls({ socket, servername: name, ca }, () => secure.write('hello'));
  return everything(secure);
}

describe.each(socketKinds)('streams behind a proxy, on %s sockets', (sockets) => {
  async function start(proxies = new AddressSet(['127.0.0.0/8'])) {
    const noise: NoiseReason[] = [];
    const metrics = {
      observe: () => undefined,
      failure: () => undefined,
      noise: (reason: NoiseReason) => noise.push(reason),
    };
    const stream = (id: string, node: string, more: object) =>
      resource('stream_route', id, { upstream: { nodes: { [node]: 1 } }, ...more });
    const { cert, key } = certificate;
    const inner = createTlsServer({ cert: innerCertificate.cert, key: innerCertificate.key }, greet('inner'));
    const engine = await startEngine(
      { policies: [], sockets, metrics },
      {
        revision: [
          resource('ssl', 'c1', { sni: 'db.test', cert, key }),
          stream('theirs', await listen(createServer(greet('theirs'))), { remote_addr: '203.0.113.7' }),
          stream('others', await listen(createServer(greet('others'))), {}),
          stream('inner', await listen(inner), { sni: 'inner.test', remote_addr: '203.0.113.7' }),
        ],
      },
    );
    running.push(() => engine.stop());
    const { port } = await engine.engine.listenStream('tcp', { port: 0, proxies });
    const { port: tlsPort } = await engine.engine.listenStream('tls', { port: 0, proxies });
    return { noise, port, tlsPort };
  }

  it.each(headers)('are matched by the client of a header of version %s, wherever it is split', async (_, header) => {
    const { port } = await start();
    const bytes = Buffer.concat([header, Buffer.from('hello')]);
    const cuts = Array.from({ length: header.length }, (__, at) => at);
    const answers = await Promise.all(cuts.map((at) => say(port, bytes.subarray(0, at), bytes.subarray(at))));
    expect(answers.filter((answer) => answer !== 'theirs got hello')).toEqual([]);
    expect(await say(port, 'PROXY TCP4 203.0.113.8 10.0.0.1 1 2\r\n', 'hello')).toBe('others got hello');
  });

  it.each(headers)('have a header of version %s before TLS that ends here or is passed through', async (_, header) => {
    const { port, tlsPort } = await start();
    const ended = await sayOverTls(tlsPort, header, { name: 'db.test', ca: certificate.cert });
    expect(ended).toBe('theirs got hello');
    const passed = await sayOverTls(port, header, { name: 'inner.test', ca: innerCertificate.cert });
    expect(passed).toBe('inner got hello');
  });

  it('without a header, or from others than the proxies, are cut off', async () => {
    const { port, noise } = await start();
    expect(await say(port, 'hello')).toBe('');
    expect(noise).toEqual(['proxy-header']);
    const strict = await start(new AddressSet(['192.0.2.0/24']));
    expect(await say(strict.port, headers[0]![1], 'hello')).toBe('');
    expect(strict.noise).toEqual(['proxy-untrusted']);
  });
});
