import { setTimeout as delay } from 'node:timers/promises';
import { pathOf } from '../actors/acts.ts';
import { openSocket } from '../actors/kept-connection.ts';
import { noise } from '../actors/noise.ts';
import { downloadSlowly } from '../actors/slow-download.ts';
import type { Caller, GatewayPorts } from './caller.ts';
import { churnHost } from './routes-throughout.ts';

/** What long calls work with. */
export interface LongCallWorld {
  readonly ports: GatewayPorts;
  readonly caller: Caller;
  readonly isStopping: () => boolean;
}

/** What came of a WebSocket: echoes that were right, and what went wrong. */
export interface EchoReport {
  readonly echoes: number;
  readonly fault: string | null;
}

const echoEveryMs = 50;
const echoMs = 10_000;

/** A WebSocket that is open; {@link echo} goes on until everything stops. */
export interface OpenTunnel {
  echo(): Promise<EchoReport>;
}

/** Opens a WebSocket below a path; from then on its bytes come back for as long as it lives. */
export async function openTunnel({ ports, caller, isStopping }: LongCallWorld, prefix: string): Promise<OpenTunnel> {
  const { port } = ports;
  const socket = await openSocket({ port });
  let received = Buffer.alloc(0);
  let isOver = false;
  let wake: () => void = () => undefined;
  const end = (): void => {
    isOver = true;
    wake();
  };
  socket.on('error', end).on('end', end).on('close', end);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    wake();
  });
  /** The next bytes up to where `ends` says, or what has come when nothing more does. */
  const next = async (ends: () => number): Promise<Buffer> => {
    const deadline = performance.now() + echoMs;
    while (ends() < 0 && !isOver && performance.now() < deadline) {
      await Promise.race([new Promise<void>((resolve) => (wake = resolve)), delay(250)]);
    }
    const length = ends() < 0 ? received.length : ends();
    const taken = received.subarray(0, length);
    received = received.subarray(length);
    return taken;
  };
  socket.write(
    `GET ${prefix}${pathOf({ act: 'tunnel', id: 0, count: 0 })} HTTP/1.1\r\nHost: ${churnHost}\r\nConnection: Upgrade\r\n` +
      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  const head = await next(() => {
    const at = received.indexOf('\r\n\r\n');
    return at < 0 ? -1 : at + 4;
  });
  const status = Number(head.toString('latin1', 9, 12));
  caller.noteMade(status);
  if (status !== 101) throw new Error(`the WebSocket at ${prefix} was answered ${JSON.stringify(head.toString())}`);

  return {
    echo: async () => {
      let echoes = 0;
      try {
        while (!isStopping()) {
          const sent = noise(echoes + prefix.length, 1 + ((echoes * 37) % 2_000));
          socket.write(sent);
          const back = await next(() => (received.length >= sent.length ? sent.length : -1));
          if (!back.equals(sent)) {
            return { echoes, fault: `WebSocket at ${prefix}: ${isOver ? 'ended' : 'wrong'} after ${echoes} echoes` };
          }
          echoes += 1;
          await delay(echoEveryMs);
        }
        return { echoes, fault: null };
      } finally {
        socket.destroy();
      }
    },
  };
}

const downloadBytes = 8 * 1024 * 1024;

/** One long answer after the other, each read slowly to its end. Resolves to the number of whole ones and what was wrong. */
export async function downloadOn(
  { ports, caller, isStopping }: LongCallWorld,
  prefix: string,
): Promise<{ readonly whole: number; readonly faults: readonly string[] }> {
  const { port } = ports;
  const faults: string[] = [];
  let whole = 0;
  while (!isStopping()) {
    const wish = { act: 'long', id: whole + faults.length, count: downloadBytes };
    const { status, fault } = await downloadSlowly({
      door: { port },
      request: `GET ${prefix}${pathOf(wish)} HTTP/1.1\r\nHost: ${churnHost}\r\nConnection: close\r\n\r\n`,
      wish,
      pace: () => ({ bytes: 65_536, everyMs: 15 }),
    });
    if (status !== null) caller.noteMade(status);
    if (fault === null) whole += 1;
    else faults.push(`download at ${prefix}: ${fault}`);
  }
  return { whole, faults };
}
