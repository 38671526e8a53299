import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRequest } from '../../http/request-parser.ts';
import { SeededRandom } from '../random.ts';
import { nextRequest } from '../engine-soak/soak-requests.ts';
import { sumOf, wishOf } from './acts.ts';
import { KeptConnection } from './kept-connection.ts';
import { noise } from './noise.ts';
import { downloadSlowly } from './slow-download.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers whatever comes with these bytes and, unless told otherwise, ends the connection. */
async function serverThatSays(bytes: Buffer | string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const answerOf = (content: Buffer, length = content.length): Buffer =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`), content]);

describe('noise', () => {
  it('is the same for a number each time, and differs between numbers and between places', () => {
    expect(noise(5, 3_000_000).equals(noise(5, 3_000_000))).toBe(true);
    expect(noise(5, 100).equals(noise(6, 100))).toBe(false);
    expect(noise(5, 1_100_000).subarray(1_000_000).equals(noise(5, 100_000))).toBe(false);
  });
});

describe('a kept connection', () => {
  it('gives the answers of requests sent together in order', async () => {
    const port = await serverThatSays(Buffer.concat([answerOf(noise(1, 10)), answerOf(noise(2, 20))]));
    const connection = await KeptConnection.open({ port });
    const results = await connection.askTogether([{ bytes: 'GET /1' }, { bytes: 'GET /2' }]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.body.length : null))).toEqual([
      10, 20,
    ]);
    connection.close();
  });

  it('rejects a request whose answer was cut', async () => {
    const connection = await KeptConnection.open({ port: await serverThatSays(answerOf(noise(1, 10), 11)) });
    await expect(connection.ask('GET /')).rejects.toMatchObject({ name: 'NoAnswer', reason: 'closed' });
  });

  it('does not take bytes that came too early for the answer to the next request', async () => {
    const port = await serverThatSays(Buffer.concat([answerOf(noise(1, 10)), answerOf(noise(2, 20))]));
    const connection = await KeptConnection.open({ port });
    await connection.ask('GET /');
    await expect(connection.ask('GET /')).rejects.toMatchObject({ name: 'NoAnswer' });
  });
});

describe('a slow download', () => {
  const wish = { act: 'long', id: 4, count: 200_000 };
  const pace = () => ({ bytes: 50_000, everyMs: 1 });
  const download = async (bytes: Buffer) =>
    downloadSlowly({ door: { port: await serverThatSays(bytes) }, request: 'GET /', wish, pace });

  it('is whole when each byte is right', async () => {
    expect(await download(answerOf(noise(4, 200_000)))).toEqual({ status: 200, received: 200_000, fault: null });
  });

  it('tells a wrong byte, another length and an end too early apart', async () => {
    const wrong = Buffer.from(noise(4, 200_000));
    wrong.writeUInt8((wrong.readUInt8(150_000) + 1) % 256, 150_000);
    expect((await download(answerOf(wrong))).fault).toContain('wrong bytes');
    expect((await download(answerOf(noise(4, 199_999)))).fault).toContain('length 199999');
    expect((await download(answerOf(noise(4, 100_000), 200_000))).fault).toBe('cut');
  });
});

describe('the requests of a soak', () => {
  it('are read by the strict reference, and ask for what they check', () => {
    const random = new SeededRandom(1);
    for (let count = 0; count < 300; count += 1) {
      const { bytes, faultOf, method } = nextRequest(random);
      const parsed = parseRequest(bytes);
      if (parsed.kind !== 'request') throw new Error(`request ${count} is ${parsed.kind}`);
      const { target, body, end } = parsed.request;
      const wish = wishOf(target);
      if (wish === null) throw new Error(`${target} asks for nothing`);
      expect([end, parsed.request.method]).toEqual([bytes.length, method]);
      const content = wish.act === 'sum' ? Buffer.from(sumOf(body)) : noise(wish.id, wish.count);
      const fields = [{ name: 'content-length', value: String(content.length) }];
      const answer = { version: '1.1', status: 200, reason: 'OK', fields, trailers: [], size: 0 } as const;
      const framed = { ...answer, framing: 'length', body: method === 'HEAD' ? Buffer.alloc(0) : content } as const;
      expect(faultOf(framed)).toBeNull();
      expect(faultOf({ ...framed, status: 502 })).not.toBeNull();
    }
  });
});
