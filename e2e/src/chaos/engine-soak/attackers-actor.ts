/** Clients that do what clients should not, and check what comes of it. Plays the part of {@link attackersPart}. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { playPart } from '../actors/play-part.ts';
import { SeededRandom } from '../random.ts';
import { type Attack, attacks, type AttackWorld, readsNothing, stopsInHead } from './attacks.ts';

const attackersPart = z.object({
  seed: z.int(),
  port: z.int(),
  /** How many of each kind are at it at a time. */
  atOnce: z.int(),
  slowReadMs: z.int(),
  /** Longest rest between an attack and the next of its kind. */
  mostRestMs: z.int(),
  /** Play what takes over a minute, too. */
  isLong: z.boolean(),
});

const mostExamples = 20;

await playPart(attackersPart, async ({ seed, port, atOnce, slowReadMs, mostRestMs, isLong }) => {
  const random = new SeededRandom(seed);
  const examples: string[] = [];
  const kinds = new Map<string, number>();
  let [calls, perhaps, wrong, isStopping] = [0, 0, 0, false];
  const world: AttackWorld = {
    door: { port, localAddress: '127.0.0.3' },
    random,
    slowReadMs,
    isStopping: () => isStopping,
  };
  const attackOn = async (name: string, attack: Attack, isRepeated: boolean): Promise<void> => {
    while (!isStopping) {
      let fault: string | null;
      try {
        const met = await attack(world);
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
        if (examples.length < mostExamples) examples.push(`${name}: ${fault}`);
      }
      if (!isRepeated) return;
      await delay(random.between(0, mostRestMs));
    }
  };
  const attacking = Promise.all([
    ...Object.entries(attacks).flatMap(([name, attack]) =>
      Array.from({ length: atOnce }, () => attackOn(name, attack, true)),
    ),
    attackOn('stops in a head', stopsInHead, isLong),
    ...(isLong ? [attackOn('reads nothing', readsNothing, false)] : []),
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
