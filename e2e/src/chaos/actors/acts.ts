import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { chunk } from '../../http/chunked-body.ts';
import type { SeededRandom } from '../random.ts';
import { noise } from './noise.ts';

/** What is asked of an upstream: the act, the number whose noise is the content, and a length or place. */
export interface Wish {
  readonly act: string;
  readonly id: number;
  readonly count: number;
}

/** What an act works with. */
export interface Stage {
  readonly socket: Socket;
  /** Name of the server; stands in `X-Server` of each answer. */
  readonly server: string;
  readonly random: SeededRandom;
  readonly method: string;
  /** Body of the request. */
  readonly body: Buffer;
}

type Act = (wish: Wish, stage: Stage) => void | Promise<void>;

/** The path below which an upstream does something; anything may stand before it. */
export function pathOf({ act, id, count }: Wish): string {
  return `/do/${act}/${id}/${count}`;
}

/** What a target asks for, or null. */
export function wishOf(target: string): Wish | null {
  const [, act, id, count] = /\/do\/([a-z]+)\/(\d+)\/(\d+)(?:\?|$)/.exec(target) ?? [];
  return act === undefined ? null : { act, id: Number(id), count: Number(count) };
}

/** The answer to `sum`: what the upstream has seen of a request's body. */
export function sumOf(body: Buffer): string {
  return `${body.length} ${createHash('sha1').update(body).digest('hex')}`;
}

const head = (server: string, fields: string): Buffer =>
  Buffer.from(`HTTP/1.1 200 OK\r\nX-Server: ${server}\r\n${fields}\r\n\r\n`);

const whole = ({ id, count }: Wish, { server, method }: Stage): Buffer => {
  const fields = head(server, `Content-Length: ${count}`);
  return method === 'HEAD' ? fields : Buffer.concat([fields, noise(id, count)]);
};

function* piecesOf(content: Buffer, pieces: number): Generator<Buffer> {
  const size = Math.max(1, Math.ceil(content.length / pieces));
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

/** Writes without waiting longer than the socket lives. */
async function writeAll(socket: Socket, pieces: Iterable<Buffer>, pauseMs = 0): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.once('close', resolve);
    socket.write(piece, () => resolve());
    await promise;
    socket.off('close', resolve);
    if (pauseMs > 0) await delay(pauseMs);
  }
}

/** Everything that an upstream does when it is asked to. */
export const acts: Readonly<Record<string, Act>> = {
  /** The noise of the number, with its length. */
  bytes: (wish, stage) => void stage.socket.write(whole(wish, stage)),
  /** The same in the chunked coding, cut at random places. */
  chunks: ({ id, count }, { socket, server, random }) => {
    const parts = [head(server, 'Transfer-Encoding: chunked')];
    for (const piece of piecesOf(noise(id, count), random.between(1, 9))) parts.push(chunk(piece));
    socket.write(Buffer.concat([...parts, chunk()]));
  },
  /** A long one, as the gateway takes it. */
  long: async ({ id, count }, { socket, server }) => {
    const content = noise(id, count);
    await writeAll(socket, [head(server, `Content-Length: ${count}`), ...piecesOf(content, content.length / 65_536)]);
  },
  /** In ten pieces, with pauses. */
  drip: async (wish, stage) => writeAll(stage.socket, piecesOf(whole(wish, stage), 10), stage.random.between(1, 40)),
  /** What came as a body. */
  sum: (_wish, { socket, server, body }) => {
    const content = Buffer.from(sumOf(body));
    socket.write(Buffer.concat([head(server, `Content-Length: ${content.length}`), content]));
  },
  /** A reset after so many bytes of an answer of 8 KiB. */
  reset: (wish, stage) => {
    stage.socket.write(whole({ ...wish, count: 8_192 }, stage).subarray(0, wish.count), () =>
      stage.socket.resetAndDestroy(),
    );
  },
  /** An end at the same place. */
  cut: (wish, stage) => void stage.socket.end(whole({ ...wish, count: 8_192 }, stage).subarray(0, wish.count)),
  /** No answer. */
  hang: () => undefined,
  /** What is no HTTP. */
  garbage: (_wish, { socket }) => void socket.write('BAD/1.1 OK nothing\r\n\r\n'),
  /** A whole answer; the kept connection ends a moment later, without a word. */
  leave: async (wish, stage) => {
    stage.socket.write(whole(wish, stage));
    await delay(stage.random.between(0, 5));
    stage.socket.end();
  },
};

/** Acts that begin when the head of the request is there, whatever comes of its body. */
export const earlyActs: Readonly<Record<string, Act>> = {
  /** A whole answer that ends the connection, before the body was read. */
  early: ({ id, count }, { socket, server }) => {
    const fields = head(server, `Content-Length: ${count}\r\nConnection: close`);
    socket.end(Buffer.concat([fields, noise(id, count)]));
  },
};
