/** Clients that do what clients should not, and check what comes of it. Plays the part of {@link attackersPart}. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { playPart } from '../actors/play-part.ts';
import type { GatewayDoor } from '../actors/kept-connection.ts';
import { SeededRandom } from '../random.ts';
import { soakHost } from './soak-group.ts';
import { type Attack, attacks, type AttackWorld, readsNothing, stopsInHead } from './attacks.ts';

const attackersPart = z.object({
  seed: z.int(),
  port: z.int(),
  tlsPort: z.int(),
  /** How many of each kind are at it at a time. */
  atOnce: z.int(),
  slowReadMs: z.int(),
  /** Longest rest between an attack and the next of its kind. */
  mostRestMs: z.int(),
  /** Play what takes over a minute, too. */
  isLong: z.boolean(),
});

const mostExamples = 20;

await playPart(attackersPart, async ({ seed, port, tlsPort, atOnce, slowReadMs, mostRestMs, isLong }) => {
  const random = new SeededRandom(seed);
  const examples: string[] = [];
  const kinds = new Map<string, number>();
  let [calls, perhaps, wrong, isStopping] = [0, 0, 0, false];
  const localAddress = '127.0.0.3';
  const doors = [
    { port, localAddress },
    { port: tlsPort, localAddress, serverName: soakHost },
  ];
  const worldFor = (door: GatewayDoor): AttackWorld => ({ door, random, slowReadMs, isStopping: () => isStopping });
  /** Begins on the first door or, for the odd ones, on the second, and changes each time. */
  const attackOn = async (
    name: string,
    attack: Attack,
    { isRepeated, turn = 0 }: { isRepeated: boolean; turn?: number },
  ) => {
    let next = turn;
    while (!isStopping) {
      let fault: string | null;
      try {
        const door = doors[next % doors.length] ?? { port };
        next += 1;
        const met = await attack(worldFor(door));
        fault = met.fault;
        if (met.isCall === true) calls += 1;
        if (met.isCall === 'perhaps') perhaps += 1;
      } catch (cause) {
        fault = String(cause);
        perhaps += 1;
      }
      kinds.set(name, (kinds.get(name) ?? 0) + 1);
      if (fault !== null) {
        wrong += 1;
        if (examples.length < mostExamples) examples.push(`${name} (${next % 2 === 1 ? 'plain' : 'TLS'}): ${fault}`);
      }
      if (!isRepeated) return;
      await delay(random.between(0, mostRestMs));
    }
  };
  const attacking = Promise.all([
    ...Object.entries(attacks).flatMap(([name, attack]) =>
      Array.from({ length: atOnce }, (_, turn) => attackOn(name, attack, { isRepeated: true, turn })),
    ),
    attackOn('stops in a head', stopsInHead, { isRepeated: isLong }),
    ...(isLong ? [attackOn('reads nothing', readsNothing, { isRepeated: false })] : []),
  ]);
  return {
    ready: {},
    /** `report`, or `stop`: every attack under way comes to its end first. */
    answer: async (question) => {
      if (question === 'stop') {
        isStopping = true;
        await attacking;
      }
      return { calls, perhaps, wrong, examples, kinds: Object.fromEntries(kinds) };
    },
  };
});
