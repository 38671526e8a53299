import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { expect } from 'vitest';
import { chunk } from '../../http/chunked-body.ts';
import { type Check, type CheckWorld, hosts, type Topic } from '../check.ts';
import { mostBytesInKernel } from '../../support/kernel-buffers.ts';
import { expectAnswerTo, expectInStep, get, head, onWire } from '../requests.ts';

const sizes = [0, 1, 2, 1023, 1024, 16_383, 16_384, 16_385, 65_534, 65_535, 65_536, 65_537, 131_072, 1024 * 1024];
const mebibyte = 1024 * 1024;

function* piecesOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const framings: Readonly<Record<string, (socket: Socket, body: Buffer) => void>> = {
  'with a length': (socket, body) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
  },
  'in chunks of 4,000 bytes': (socket, body) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const piece of piecesOf(body, 4_000)) socket.write(chunk(piece));
    socket.write(chunk());
  },
  'in one chunk': (socket, body) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.write(body.length > 0 ? Buffer.concat([chunk(body), chunk()]) : chunk());
  },
  'until the connection ends': (socket, body) => {
    socket.write('HTTP/1.1 200 OK\r\nX: y\r\n\r\n');
    socket.end(body);
  },
};

const returns = (name: string, respond: (socket: Socket, body: Buffer) => void): Check[] =>
  sizes.map((size) => ({
    name: `RFC 9112 6: an answer of ${size} bytes ${name} comes byte for byte`,
    run: (world) =>
      onWire(world, async (wire) => {
        const body = randomBytes(size);
        world.upstream.script(world.id, { atEnd: ({ socket }) => respond(socket, body) });
        await wire.send(get(world.path));
        const answer = await wire.answer('GET', 20_000);
        expect([answer.status, answer.body.equals(body)]).toEqual([200, true]);
        await expectInStep({ ...world, path: `${world.path}-next` }, wire);
      }),
  }));

const sends = (name: string, write: (body: Buffer) => Buffer[], framing: (size: number) => string): Check[] =>
  sizes.map((size) => ({
    name: `RFC 9112 6: a request body of ${size} bytes ${name} arrives byte for byte`,
    run: (world) =>
      onWire(world, async (wire) => {
        const body = randomBytes(size);
        await wire.send(
          Buffer.concat([Buffer.from(head(`POST ${world.path} HTTP/1.1`, framing(size))), ...write(body)]),
        );
        expectAnswerTo(await wire.answer('POST', 20_000), { method: 'POST', target: world.path, body });
        await expectInStep(world, wire);
      }),
  }));

/** Writes without end until the other side takes nothing more for a while, then finishes; gives how much was taken by then. */
async function fillUntilStuck(socket: Socket, most: number): Promise<number> {
  const piece = Buffer.alloc(64 * 1024, 'z');
  let written = 0;
  while (written < most) {
    written += piece.length;
    if (socket.write(piece)) continue;
    const isDrained = await Promise.race([
      new Promise<boolean>((resolve) => socket.once('drain', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500)),
    ]);
    if (!isDrained) break;
  }
  return written;
}

/** What the kernel may hold on both sides of the gateway, and what the gateway may hold itself. */
const mostHeldBytes = 2 * mostBytesInKernel() + 4 * mebibyte;

async function readSlowly(world: CheckWorld): Promise<void> {
  await onWire(world, async (wire) => {
    const body = randomBytes(8 * mebibyte);
    world.upstream.script(world.id, {
      atEnd: ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.write(body);
      },
    });
    await wire.send(get(world.path));
    const reading = wire.answer('GET', 30_000);
    const pausing = setInterval(() => {
      wire.pauseReading(true);
      setTimeout(() => wire.pauseReading(false), 5);
    }, 7);
    try {
      expect((await reading).body.equals(body)).toBe(true);
    } finally {
      clearInterval(pausing);
      wire.pauseReading(false);
    }
    await expectInStep({ ...world, path: `${world.path}-next` }, wire);
  });
}

/** Bodies come out as they went in, at every size around a buffer's end, however slow either side is. */
export const bodies: Topic = {
  title: 'bodies',
  checks: [
    ...Object.entries(framings).flatMap(([name, respond]) => returns(name, respond)),
    ...sends(
      'with a length',
      (body) => [body],
      (size) => `Content-Length: ${size}`,
    ),
    ...sends(
      'in chunks of 4,000 bytes',
      (body) => [...[...piecesOf(body, 4_000)].map((piece) => chunk(piece)), chunk()],
      () => 'Transfer-Encoding: chunked',
    ),
    { name: 'RFC 9112 6: a client that reads slowly gets 8 MiB byte for byte', run: readSlowly },
    {
      name: 'RFC 9112 6: a client that writes slowly is waited for, and its body arrives byte for byte',
      run: (world) =>
        onWire(world, async (wire) => {
          const body = randomBytes(50_000);
          await wire.send(head(`POST ${world.path} HTTP/1.1`, `Content-Length: ${body.length}`));
          await wire.sendPieces([...piecesOf(body, 500)]);
          expectAnswerTo(await wire.answer('POST'), { method: 'POST', target: world.path, body });
        }),
    },
    {
      name: 'RFC 9112 6: an upstream that writes slowly is waited for',
      run: (world) =>
        onWire(world, async (wire) => {
          const body = randomBytes(50_000);
          world.upstream.script(world.id, {
            atEnd: async ({ socket }) => {
              socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
              for (const piece of piecesOf(body, 500)) {
                socket.write(piece);
                await new Promise<void>((resolve) => setTimeout(resolve, 1));
              }
            },
          });
          await wire.send(get(world.path));
          expect((await wire.answer()).body.equals(body)).toBe(true);
        }),
    },
    {
      name: 'a client that reads nothing makes the gateway stop reading its upstream once kernel and gateway hold what they may',
      run: (world) =>
        onWire(world, async (wire) => {
          const stuckAt = Promise.withResolvers<number>();
          world.upstream.script(world.id, {
            atEnd: async ({ socket }) => {
              socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${4 * mostHeldBytes}\r\n\r\n`);
              stuckAt.resolve(await fillUntilStuck(socket, 2 * mostHeldBytes));
            },
          });
          wire.pauseReading(true);
          await wire.send(get(world.path));
          expect(await stuckAt.promise).toBeLessThan(mostHeldBytes);
        }),
    },
    {
      name: 'an upstream that reads nothing makes the gateway stop reading its client once kernel and gateway hold what they may',
      run: (world) =>
        onWire(
          world,
          async (wire) => {
            world.upstream.script(world.id, { atHead: ({ socket }) => socket.pause() });
            const request = head(`POST ${world.path} HTTP/1.1`, `Content-Length: ${4 * mostHeldBytes}`);
            await wire.send(request.replace(hosts.usual, hosts.large));
            const piece = Buffer.alloc(64 * 1024, 'z');
            let taken = 0;
            while (taken < 2 * mostHeldBytes) {
              const isTaken = await Promise.race([
                wire.send(piece).then(() => true),
                new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500)),
              ]);
              if (!isTaken) break;
              taken += piece.length;
            }
            expect(taken).toBeLessThan(mostHeldBytes);
          },
          hosts.large,
        ),
    },
  ],
};
