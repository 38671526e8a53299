import { expect } from 'vitest';
import type { Topic } from '../check.ts';
import { expectAnswerTo, get, head, onWire } from '../requests.ts';

/** Time to a complete head that the gateway grants by default, and time that an idle connection is kept. */
const headMs = 10_000;
const idleMs = 60_000;
const slackMs = 5_000;

/** Limits of time as shipped; they take as long as they take, so they are run side by side. */
export const times: Topic = {
  title: 'limits of time',
  checks: [
    {
      name: 'RFC 9110 15.5.9: a head that is not complete in time is answered 408',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(get(world.path).slice(0, -2));
          expect((await wire.answer('GET', headMs + slackMs)).status).toBe(408);
          await wire.ends();
        }),
    },
    {
      name: 'RFC 9110 15.5.9: a head that comes byte by byte gets no more time',
      run: (world) =>
        onWire(world, async (wire) => {
          const trickling = setInterval(() => void wire.send('x'), 500);
          await wire.send(`GET ${world.path}/`);
          try {
            expect((await wire.answer('GET', headMs + slackMs)).status).toBe(408);
            await wire.ends();
          } finally {
            clearInterval(trickling);
          }
        }),
    },
    {
      name: 'RFC 9110 15.5.9: a second head on a kept connection has its own time',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(get(world.path));
          expectAnswerTo(await wire.answer(), { target: world.path });
          await wire.send('GET /');
          expect((await wire.answer('GET', headMs + slackMs)).status).toBe(408);
        }),
    },
    {
      name: 'RFC 9112 9.5: a body that takes longer than a head may is waited for',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(`${head(`POST ${world.path} HTTP/1.1`, 'Content-Length: 10')}hello`);
          await wire.isQuiet(headMs + 2_000);
          await wire.send('world');
          expectAnswerTo(await wire.answer('POST'), { method: 'POST', target: world.path, body: 'helloworld' });
        }),
    },
    {
      name: 'RFC 9112 9.5: a kept connection without a request is closed in the end, without a byte',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(get(world.path));
          expectAnswerTo(await wire.answer(), { target: world.path });
          expect(await wire.ends(idleMs + slackMs)).toBe('closed');
          expect(wire.bytes.toString('latin1')).toBe('');
        }),
    },
    {
      name: 'RFC 9112 9.5: a connection on which nothing was ever sent is closed in the end',
      run: (world) => onWire(world, async (wire) => void (await wire.ends(idleMs + slackMs))),
    },
  ],
};
