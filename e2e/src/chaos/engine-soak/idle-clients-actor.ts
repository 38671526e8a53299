/** Many connections that hardly do anything. Plays the part of {@link idleClientsPart}. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { KeptConnection } from '../actors/kept-connection.ts';
import { playPart } from '../actors/play-part.ts';
import { SeededRandom } from '../random.ts';
import { soakHost } from './soak-group.ts';
import { fetching } from './soak-requests.ts';

const idleClientsPart = z.object({
  port: z.int(),
  tlsPort: z.int(),
  /** Where the connections come from: each address has its own ports. */
  localAddress: z.string(),
});

const openAtOnce = 50;
/** Each connection asks again after a time between these: below the gateway's limit for an idle connection, which is a minute. */
const leastRestMs = 20_000;
const mostRestMs = 40_000;
const lookEveryMs = 200;

await playPart(idleClientsPart, async ({ port, tlsPort, localAddress }) => {
  const random = new SeededRandom(port);
  /** When each connection asks again. */
  const kept = new Map<KeptConnection, number>();
  const examples: string[] = [];
  let [asked, answered, wrong] = [0, 0, 0];

  const askOn = async (connection: KeptConnection): Promise<void> => {
    const { bytes, faultOf } = fetching({ act: 'bytes', id: asked, count: 100 });
    asked += 1;
    kept.set(connection, performance.now() + random.between(leastRestMs, mostRestMs));
    try {
      const answer = await connection.ask(bytes);
      answered += 1;
      const fault = faultOf(answer);
      if (fault !== null) throw new Error(fault);
    } catch (cause) {
      wrong += 1;
      kept.delete(connection);
      if (examples.length < openAtOnce) examples.push(`idle connection: ${String(cause)}`);
    }
  };
  const open = async (count: number, serverName: string | undefined): Promise<void> => {
    const door = serverName === undefined ? { port, localAddress } : { port: tlsPort, localAddress, serverName };
    let left = count;
    const openOn = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const connection = await KeptConnection.open(door);
        await askOn(connection);
      }
    };
    await Promise.all(Array.from({ length: openAtOnce }, openOn));
  };
  const repeat = async (): Promise<void> => {
    for (;;) {
      await delay(lookEveryMs);
      const now = performance.now();
      for (const [connection, dueAt] of kept) if (dueAt <= now) void askOn(connection);
    }
  };
  void repeat();
  return {
    ready: {},
    /** `open <count>`, `open-tls <count>`, `close`: half of them orderly, half with a reset. */
    answer: async (question) => {
      const [verb, count] = question.split(' ');
      const stillOpen = [...kept.keys()].filter(({ isOpen }) => isOpen).length;
      const lost = kept.size - stillOpen;
      if (verb === 'open') await open(Number(count), undefined);
      if (verb === 'open-tls') await open(Number(count), soakHost);
      if (verb === 'close') {
        let isReset = false;
        for (const connection of kept.keys()) {
          if (isReset) connection.reset();
          else connection.close();
          isReset = !isReset;
        }
        kept.clear();
      }
      return { open: kept.size, lost, asked, answered, wrong, examples };
    },
  };
});
