import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { WireAnswer } from '../../http/answer-parser.ts';
import { sumOf } from '../actors/acts.ts';
import { type GatewayDoor, KeptConnection, NoAnswer, openSocket, resetSocket } from '../actors/kept-connection.ts';
import { noise } from '../actors/noise.ts';
import { downloadSlowly } from '../actors/slow-download.ts';
import type { SeededRandom } from '../random.ts';
import { bodyLimitBytes, routes, soakHost } from './soak-group.ts';
import { fetching, requestBytes } from './soak-requests.ts';

/** What an attack works with. */
export interface AttackWorld {
  readonly door: GatewayDoor;
  readonly random: SeededRandom;
  readonly isStopping: () => boolean;
  /** How long a slow reader is slow, milliseconds. */
  readonly slowReadMs: number;
}

/** What an attack met: a fault, or null; and whether the gateway counts a call for it (`perhaps` where the client does not see it). */
export interface Met {
  readonly fault: string | null;
  readonly isCall: boolean | 'perhaps';
}

/** Something that a client or an upstream should not do, and what must come of it. */
export type Attack = (world: AttackWorld) => Promise<Met>;

const call = (fault: string | null): Met => ({ fault, isCall: true });
const noCall = (fault: string | null): Met => ({ fault, isCall: false });
const unseen: Met = { fault: null, isCall: 'perhaps' };

/** Asks on a connection of its own, sending piece by piece. */
async function askSlowly(world: AttackWorld, pieces: readonly Buffer[], pauseMs: number): Promise<WireAnswer> {
  const connection = await KeptConnection.open(world.door);
  const [first = Buffer.alloc(0), ...more] = pieces;
  const answer = connection.ask(first, 'POST');
  answer.catch(() => undefined);
  try {
    for (const piece of more) {
      await delay(pauseMs);
      if (!connection.isOpen) break;
      connection.socket.write(piece);
    }
    return await answer;
  } finally {
    connection.close();
  }
}

const cutInto = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

const wants = ({ status, body }: WireAnswer, wanted: number): string | null =>
  status === wanted ? null : `status ${status} instead of ${wanted}: ${body.toString('latin1', 0, 100)}`;

async function askOnce(world: AttackWorld, request: Buffer): Promise<WireAnswer> {
  return askSlowly(world, [request], 0);
}

const closeMs = 20_000;

/** Waits until the gateway has ended a connection, too. */
async function closed(socket: Socket): Promise<void> {
  const isClosed = await Promise.race([
    new Promise<boolean>((resolve) => socket.once('close', () => resolve(true))),
    delay(closeMs, false),
  ]);
  socket.destroy();
  if (!isClosed) throw new Error(`the gateway has not ended it after ${closeMs} ms`);
}

/** Sends some of a request and is gone. */
function vanishAt(bytesOf: (random: SeededRandom) => Buffer): Attack {
  return async ({ door, random }) => {
    const bytes = bytesOf(random);
    const socket = await openSocket(door);
    socket.on('error', () => undefined);
    socket.write(bytes.subarray(0, random.between(1, bytes.length)));
    await delay(random.between(0, 30));
    if (random.next() < 0.7) resetSocket(socket);
    else socket.destroy();
    return unseen;
  };
}

/** An answer that its upstream breaks off: 502 before the head is whole, afterwards right bytes and a connection that ends too early. */
function broken(act: 'reset' | 'cut'): Attack {
  return async (world) => {
    const count = world.random.next() < 0.3 ? world.random.between(0, 60) : world.random.between(61, 8_000);
    const id = world.random.between(0, 10_000);
    try {
      const answer = await askOnce(world, requestBytes({ act, id, count }, { route: routes.flaky }));
      return call(wants(answer, 502));
    } catch (cause) {
      if (!(cause instanceof NoAnswer) || cause.reason === 'late' || cause.reason === 'malformed') throw cause;
      const end = cause.received.indexOf('\r\n\r\n');
      const body = end < 0 ? Buffer.alloc(0) : cause.received.subarray(end + 4);
      return call(body.equals(noise(id, body.length)) ? null : `wrong bytes of a ${act}`);
    }
  };
}

/** A limit of the gateway, and the status by which it says so. */
function refused(status: number, request: () => Buffer, met: (fault: string | null) => Met = call): Attack {
  return async (world) => met(wants(await askOnce(world, request()), status));
}

const sum = (body: Buffer, isChunked = false): Buffer =>
  requestBytes({ act: 'sum', id: 1, count: 1 }, { method: 'POST', body, isChunked });

/** All attacks by name. */
export const attacks: Readonly<Record<string, Attack>> = {
  'vanishes in a head': vanishAt(() => fetching({ act: 'bytes', id: 1, count: 50_000 }).bytes),
  'vanishes in a body': vanishAt(() => sum(noise(3, 20_000))),
  'vanishes in an answer': async ({ door, random }) => {
    const socket = await openSocket(door);
    socket.on('error', () => undefined);
    const most = random.between(1, 200_000);
    let received = 0;
    socket.write(fetching({ act: 'bytes', id: 5, count: 200_000 }).bytes);
    socket.on('data', (bytes: Buffer) => {
      received += bytes.length;
      if (received >= most) resetSocket(socket);
    });
    await closed(socket);
    return unseen;
  },
  'ends its half after a request': async (world) => {
    const connection = await KeptConnection.open(world.door);
    const wish = { act: 'bytes', id: 8, count: world.random.between(0, 100_000) };
    const { bytes, faultOf } = fetching(wish);
    const answer = connection.ask(bytes);
    connection.socket.end();
    try {
      return call(faultOf(await answer));
    } finally {
      connection.close();
    }
  },
  'ends its half in a head': async ({ door, random }) => {
    const socket = await openSocket(door);
    socket.on('error', () => undefined);
    const { bytes } = fetching({ act: 'bytes', id: 1, count: 10 });
    socket.end(bytes.subarray(0, random.between(1, bytes.length - 1)));
    socket.resume();
    await closed(socket);
    return noCall(null);
  },
  'writes a head slowly': async (world) => {
    const { bytes, faultOf } = fetching({ act: 'bytes', id: 4, count: 4_000 });
    return call(faultOf(await askSlowly(world, cutInto(bytes, 2), 60)));
  },
  'writes a body slowly': async (world) => {
    const body = noise(77, 400);
    const bytes = sum(body, world.random.next() < 0.5);
    const answer = await askSlowly(world, cutInto(bytes, 25), 100);
    return call(wants(answer, 200) ?? (answer.body.toString() === sumOf(body) ? null : 'another body'));
  },
  'sends a large head': refused(
    431,
    () => fetching({ act: 'bytes', id: 1, count: 1 }, { fields: `X-Large: ${'x'.repeat(20_000)}\r\n` }).bytes,
    noCall,
  ),
  'announces a large body': refused(413, () => sum(noise(1, bodyLimitBytes + 1))),
  'sends a large body in chunks': refused(413, () => sum(noise(1, bodyLimitBytes + 10_000), true)),
  'asks an upstream that hangs': refused(504, () =>
    requestBytes({ act: 'hang', id: 1, count: 1 }, { route: routes.late }),
  ),
  'asks an upstream that is not there': refused(502, () =>
    requestBytes({ act: 'bytes', id: 1, count: 1 }, { route: routes.dead }),
  ),
  'asks an upstream that speaks no HTTP': refused(502, () =>
    requestBytes({ act: 'garbage', id: 1, count: 1 }, { route: routes.flaky }),
  ),
  'is answered by a reset': broken('reset'),
  'is answered by half': broken('cut'),
  'is answered early': async (world) => {
    const wish = { act: 'early', id: 9, count: 5_000 };
    const { bytes, faultOf } = fetching(wish, { method: 'POST', body: noise(1, 100_000), route: routes.flaky });
    return call(faultOf(await askSlowly(world, cutInto(bytes, 10_000), 5)));
  },
  'reads slowly': async ({ door, isStopping, slowReadMs }) => {
    const wish = { act: 'long', id: 12, count: 24 * 1024 * 1024 };
    const hurriesAt = performance.now() + slowReadMs;
    const isHurried = (): boolean => isStopping() || performance.now() > hurriesAt;
    const { status, fault } = await downloadSlowly({
      door,
      request: `GET ${routes.main}/do/long/12/${wish.count} HTTP/1.1\r\nHost: ${soakHost}\r\nConnection: close\r\n\r\n`,
      wish,
      pace: () => (isHurried() ? { bytes: 262_144, everyMs: 1 } : { bytes: 3, everyMs: 500 }),
    });
    return { fault, isCall: status === null ? 'perhaps' : true };
  },
};

/** Begins a head and says no more: 408 after the time that a head may take. Takes ten seconds. */
export const stopsInHead: Attack = async (world) =>
  noCall(wants(await askOnce(world, Buffer.from('GET / HTTP/1.1\r\nHos')), 408));

const cutAfterMs = 75_000;

/** Takes nothing of a long answer, for longer than the gateway allows: it must have been cut. Takes over a minute. */
export const readsNothing: Attack = async ({ door }) => {
  const wish = { act: 'long', id: 13, count: 30 * 1024 * 1024 };
  const hurriesAt = performance.now() + cutAfterMs;
  const { fault } = await downloadSlowly({
    door,
    request: `GET ${routes.main}/do/long/13/${wish.count} HTTP/1.1\r\nHost: ${soakHost}\r\nConnection: close\r\n\r\n`,
    wish,
    pace: () => (performance.now() > hurriesAt ? { bytes: 262_144, everyMs: 1 } : { bytes: 0, everyMs: 200 }),
  });
  const isCut = fault === 'cut' || fault === 'no head';
  return call(isCut ? null : (fault ?? 'was given the whole answer after more than a minute'));
};
