/** Many connections that hardly do anything. Plays the part of {@link idleClientsPart}. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { KeptConnection } from '../actors/kept-connection.ts';
import { playPart } from '../actors/play-part.ts';
import { soakHost } from './soak-group.ts';
import { fetching } from './soak-requests.ts';

const idleClientsPart = z.object({
  port: z.int(),
  tlsPort: z.int(),
  /** Where the connections come from: each address has its own ports. */
  localAddress: z.string(),
});

const openAtOnce = 50;
/** Below the gateway's time limit for an idle connection, which is a minute. */
const repeatMs = 40_000;

await playPart(idleClientsPart, async ({ port, tlsPort, localAddress }) => {
  const kept = new Set<KeptConnection>();
  const examples: string[] = [];
  let [asked, answered, wrong] = [0, 0, 0];

  const askOn = async (connection: KeptConnection): Promise<void> => {
    const { bytes, faultOf } = fetching({ act: 'bytes', id: asked, count: 100 });
    asked += 1;
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
        kept.add(connection);
        await askOn(connection);
      }
    };
    await Promise.all(Array.from({ length: openAtOnce }, openOn));
  };
  /** Each asks again in its turn, spread over the time. */
  const repeat = async (): Promise<void> => {
    for (;;) {
      const all = [...kept];
      const turns = Math.max(1, Math.ceil(all.length / openAtOnce));
      for (let turn = 0; turn < turns; turn += 1) {
        const some = all.slice(turn * openAtOnce, (turn + 1) * openAtOnce).filter((one) => kept.has(one));
        await Promise.all(some.map(askOn));
        await delay(repeatMs / turns);
      }
    }
  };
  void repeat();
  return {
    ready: {},
    /** `open <count>`, `open-tls <count>`, `close`: half of them orderly, half with a reset. */
    answer: async (question) => {
      const [verb, count] = question.split(' ');
      const stillOpen = [...kept].filter(({ isOpen }) => isOpen).length;
      const lost = kept.size - stillOpen;
      if (verb === 'open') await open(Number(count), undefined);
      if (verb === 'open-tls') await open(Number(count), soakHost);
      if (verb === 'close') {
        let isReset = false;
        for (const connection of kept) {
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
