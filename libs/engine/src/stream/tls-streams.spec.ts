import 'reflect-metadata';
import { type AddressInfo, connect } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { resource, socketKinds } from '../testing/index.ts';
import { counted, everything, say, startServer, startStreamEngine, streamTo } from './testing/stream-scene.ts';

let certificate: TestCertificate;
let innerCertificate: TestCertificate;
beforeAll(async () => {
  certificate = await createCertificate({ name: 'db.test' });
  innerCertificate = await createCertificate({ name: 'inner.test' });
});

async function startTlsServer({ cert, key }: TestCertificate): Promise<string> {
  const server = createTlsServer({ cert, key }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sayOverTls(port: number, servername: string, text: string, ca = certificate.cert): Promise<string> {
  const socket: TLSSocket = connectTls({
    port,
    host: '127.0.0.1',
    servername,
    ca,
    checkServerIdentity: () => undefined,
  });
  socket.write(text);
  socket.once('data', () => socket.end());
  return everything(socket);
}

/** The first message of a TLS client. */
async function helloTo(servername: string): Promise<Buffer> {
  const hello = Promise.withResolvers<Buffer>();
  const address = await startServer((socket) => socket.once('data', hello.resolve));
  const socket = connectTls({ port: Number(address.split(':')[1]), host: '127.0.0.1', servername });
  socket.on('error', () => undefined);
  const bytes = await hello.promise;
  socket.destroy();
  return bytes;
}

describe.each(socketKinds)('streams, on %s sockets', (sockets) => {
  describe('over TLS that ends at the port', () => {
    const ssl = () => resource('ssl', 'c1', { sni: 'db.test', cert: certificate.cert, key: certificate.key });

    it('go by server name, also to upstreams over TLS', async () => {
      const secure = await startTlsServer(innerCertificate);
      const { engine } = await startStreamEngine(
        [
          ssl(),
          resource('ssl', 'c2', { snis: ['*.db.test'], cert: certificate.cert, key: certificate.key }),
          streamTo(await startServer(), 'named', { sni: 'db.test' }),
          resource('stream_route', 'wild', { sni: '*.db.test', upstream: { nodes: { [secure]: 1 }, scheme: 'tls' } }),
        ],
        { sockets },
      );
      const { port } = await engine.listenStream('tls', { port: 0 });
      expect(await sayOverTls(port, 'db.test', 'plain inside')).toBe('plain inside');
      expect(await sayOverTls(port, 'a.db.test', 'tls inside')).toBe('tls inside');
      expect(await sayOverTls(port, 'other.test', 'x')).toBe('');
      expect(await say(port, 'no TLS at all')).toBe('');
      expect(counted(engine).map(({ routeId, status, calls }) => [routeId, status, calls])).toEqual([
        ['named', 200, 1],
        ['wild', 200, 1],
      ]);
    });

    it('are refused without the certificate that their host demands', async () => {
      const demanding = { ...ssl().value, client: { ca: certificate.cert } };
      const { engine } = await startStreamEngine([resource('ssl', 'c1', demanding), streamTo(await startServer())], {
        sockets,
      });
      const { port } = await engine.listenStream('tls', { port: 0 });
      expect(await sayOverTls(port, 'db.test', 'hello')).toBe('');
      expect(counted(engine)).toMatchObject([{ status: 400, billable: 0 }]);
    });
  });

  describe('over TLS that is passed through', () => {
    it('go by server name, wherever the first message is split; the rest goes to routes without one', async () => {
      const { engine } = await startStreamEngine(
        [
          streamTo(await startTlsServer(innerCertificate), 'inner', { sni: 'inner.test' }),
          streamTo(await startServer((socket) => socket.end('rest')), 'rest'),
        ],
        { sockets },
      );
      const { port } = await engine.listenStream('tcp', { port: 0 });
      const through = await sayOverTls(port, 'inner.test', 'hello', innerCertificate.cert);
      expect(through).toBe('hello');
      expect(await say(port, 'not TLS')).toBe('rest');
      const hello = await helloTo('inner.test');
      for (let at = 1; at < hello.length; at += 97) {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true });
        socket.write(hello.subarray(0, at));
        await new Promise(setImmediate);
        socket.write(hello.subarray(at));
        const [answer] = await Promise.all([new Promise<Buffer>((resolve) => socket.once('data', resolve))]);
        // A ServerHello of the node.
        expect([answer[0], answer[5]]).toEqual([22, 2]);
        socket.destroy();
      }
    });

    it('a client that says nothing has no server name', async () => {
      const { engine } = await startStreamEngine(
        [
          streamTo(await startTlsServer(innerCertificate), 'inner', { sni: 'inner.test' }),
          streamTo(await startServer((socket) => socket.end('rest')), 'rest'),
        ],
        { sockets, limits: { streamHelloTimeoutMs: 100 } },
      );
      const { port } = await engine.listenStream('tcp', { port: 0 });
      expect(await everything(connect(port, '127.0.0.1'))).toBe('rest');
    });
  });
});
