/** Callers of routes that exist throughout; every answer is checked. Plays the part of {@link steadyCallersPart}. */
import { z } from 'zod';
import { valuesOf } from '../../http/header-fields.ts';
import type { WireAnswer } from '../../http/answer-parser.ts';
import type { Wish } from '../actors/acts.ts';
import { KeptConnection } from '../actors/kept-connection.ts';
import { noise } from '../actors/noise.ts';
import { playPart } from '../actors/play-part.ts';
import { SeededRandom } from '../random.ts';
import { churnHost, formOf, markHeader, requestTo, servers } from './routes-throughout.ts';

const steadyCallersPart = z.object({
  seed: z.int(),
  port: z.int(),
  tlsPort: z.int(),
  routes: z.int(),
  connections: z.int(),
  tlsConnections: z.int(),
});

const mostExamples = 10;

await playPart(steadyCallersPart, async ({ seed, port, tlsPort, routes, connections, tlsConnections }) => {
  const random = new SeededRandom(seed);
  const examples: string[] = [];
  let [made, wrong, isStopping] = [0, 0, false];

  const note = (fault: string): void => {
    wrong += 1;
    if (examples.length < mostExamples) examples.push(fault);
  };
  const callOn = async (serverName: string | undefined): Promise<void> => {
    const door = serverName === undefined ? { port } : { port: tlsPort, serverName };
    let connection = await KeptConnection.open(door);
    while (!isStopping) {
      const route = random.between(0, routes - 1);
      const act = random.next() < 0.9 ? 'bytes' : 'chunks';
      const wish = { act, id: random.between(0, 1_000_000), count: random.between(1, 3_000) };
      try {
        const answer = await connection.ask(requestTo(route, wish));
        made += 1;
        const fault = faultOf(route, wish, answer);
        if (fault !== null) note(`route ${route} (${formOf(route)}): ${fault}`);
      } catch (cause) {
        note(`route ${route} (${formOf(route)}): ${String(cause)}`);
      }
      if (!connection.isOpen) connection = await KeptConnection.open(door);
    }
    connection.close();
  };
  const calling = Promise.all([
    ...Array.from({ length: connections }, () => callOn(undefined)),
    ...Array.from({ length: tlsConnections }, () => callOn(churnHost)),
  ]);
  return {
    ready: {},
    answer: async (question) => {
      if (question === 'stop') {
        isStopping = true;
        await calling;
      }
      return { made, wrong, examples };
    },
  };
});

function faultOf(route: number, { id, count }: Wish, { status, fields, body }: WireAnswer): string | null {
  if (status !== 200) return `status ${status}: ${body.toString('latin1', 0, 100)}`;
  if (!body.equals(noise(id, count))) return `${body.length} bytes that are not the ${count} of ${id}`;
  const server = formOf(route) === 'of a service' ? 'a' : servers[route % servers.length];
  const from = valuesOf(fields, 'x-server').join();
  if (from !== server) return `came from ${from} instead of ${server}`;
  const mark = valuesOf(fields, markHeader).join();
  const wanted = formOf(route) === 'marked' ? `always-${route}` : '';
  return mark === wanted ? null : `is marked "${mark}" instead of "${wanted}"`;
}
