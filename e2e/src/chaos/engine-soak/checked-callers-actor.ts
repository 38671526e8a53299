/** Callers on kept connections that check every answer. Plays the part of {@link checkedCallersPart}. */
import { z } from 'zod';
import type { WireAnswer } from '../../http/answer-parser.ts';
import { KeptConnection } from '../actors/kept-connection.ts';
import { playPart } from '../actors/play-part.ts';
import { SeededRandom } from '../random.ts';
import { soakHost } from './soak-group.ts';
import { type CheckedRequest, nextRequest } from './soak-requests.ts';

const checkedCallersPart = z.object({
  seed: z.int(),
  port: z.int(),
  tlsPort: z.int(),
  connections: z.int(),
  tlsConnections: z.int(),
});

const mostExamples = 10;
/** So many requests come in one piece with others behind them, up to so many. */
const pipelinedShare = 0.15;
const mostTogether = 12;
/** A caller takes a new connection after so many requests on average. */
const requestsPerConnection = 200;

await playPart(checkedCallersPart, async ({ seed, port, tlsPort, connections, tlsConnections }) => {
  const random = new SeededRandom(seed);
  const examples: string[] = [];
  let [asked, answered, wrong] = [0, 0, 0];

  const note = ({ bytes, faultOf }: CheckedRequest, result: PromiseSettledResult<WireAnswer>): void => {
    if (result.status === 'fulfilled') answered += 1;
    const fault = result.status === 'fulfilled' ? faultOf(result.value) : String(result.reason);
    if (fault === null) return;
    wrong += 1;
    if (examples.length < mostExamples) examples.push(`${bytes.toString('latin1', 0, 40)}: ${fault}`);
  };
  const callOn = async (serverName: string | undefined, until: () => boolean): Promise<void> => {
    const door = serverName === undefined ? { port } : { port: tlsPort, serverName };
    let connection = await KeptConnection.open(door);
    while (!until()) {
      const together = random.next() < pipelinedShare ? random.between(2, mostTogether) : 1;
      const requests = Array.from({ length: together }, () => nextRequest(random));
      asked += together;
      for (const [index, result] of (await connection.askTogether(requests)).entries()) {
        const request = requests[index];
        if (request !== undefined) note(request, result);
      }
      if (connection.isOpen && random.next() >= 1 / requestsPerConnection) continue;
      connection.close();
      connection = await KeptConnection.open(door);
    }
    connection.close();
  };
  return {
    ready: {},
    /** `<requests> <seconds>`: makes so many more, or as many as go in that time. */
    answer: async (question) => {
      const [requests = 0, seconds = 0] = question.split(' ').map(Number);
      const most = asked + requests;
      const deadline = performance.now() + seconds * 1000;
      const until = (): boolean => asked >= most || performance.now() > deadline;
      await Promise.all([
        ...Array.from({ length: connections }, () => callOn(undefined, until)),
        ...Array.from({ length: tlsConnections }, () => callOn(soakHost, until)),
      ]);
      return { asked, answered, wrong, examples };
    },
  };
});
