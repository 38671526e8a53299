import { expect } from 'vitest';
import { usualAnswer } from '../../http/raw-upstream.ts';
import type { CheckWorld, Topic } from '../check.ts';
import { expectAnswerTo, expectInStep, get, head, onWire, postChunked } from '../requests.ts';

/** Runs `task` for 0 … count-1, some at a time. */
async function eachOf(count: number, task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

const twoRequests = (path: string): string =>
  postChunked(`${path}/1`, 'hello', 'X-Field: a b', 'Connection: x-y')
    .replace('\r\n0\r\n', ';x=y\r\n0\r\n')
    .replace(';x=y\r\n0', '\r\n3;x=y\r\nabc\r\n0') +
  get(`${path}/2`, 'Content-Length: 2') +
  'ok';

async function expectBoth(world: CheckWorld, pieces: readonly string[]): Promise<void> {
  await onWire(world, async (wire) => {
    await wire.sendPieces(pieces);
    expectAnswerTo(await wire.answer('POST'), { method: 'POST', target: `${world.path}/1`, body: 'helloabc' });
    expectAnswerTo(await wire.answer(), { target: `${world.path}/2`, body: 'ok' });
    expect(wire.bytes.toString('latin1')).toBe('');
  });
}

const refused = (path: string): string => get(path, 'X-Field: y', 'Content-Length: +5');

/** Messages cut into segments anywhere, and connections that end anywhere. */
export const splitsAndResets: Topic = {
  title: 'splits and resets',
  checks: [
    {
      name: 'RFC 9112 2.2: two requests split at every byte get the same answers each time',
      run: async (world) => {
        const bytes = twoRequests(world.path);
        await eachOf(bytes.length, (at) => expectBoth(world, [bytes.slice(0, at), bytes.slice(at)].filter(Boolean)));
      },
    },
    {
      name: 'RFC 9112 2.2: two requests sent byte by byte get the same answers',
      run: (world) => expectBoth(world, [...twoRequests(world.path)]),
    },
    {
      name: 'RFC 9112 2.2: a request that is refused is refused wherever it is split',
      run: async (world) => {
        const bytes = refused(world.path);
        await eachOf(bytes.length, (at) =>
          onWire(world, async (wire) => {
            await wire.sendPieces([bytes.slice(0, at), bytes.slice(at)].filter(Boolean));
            expect((await wire.answer()).status).toBe(400);
            await wire.ends();
          }),
        );
        expect(world.upstream.seen(world.id)).toEqual([]);
      },
    },
    ...[
      'HTTP/1.1 200 OK\r\nX-Field: y\r\nContent-Length: 8\r\n\r\nhelloabc',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhelloabc',
    ].map((answer) => ({
      name: `RFC 9112 2.2: the answer ${JSON.stringify(answer.slice(9, 40))}… split at every byte comes the same each time`,
      run: async (world: CheckWorld) => {
        world.upstream.script(world.id, {
          atEnd: async ({ socket }, { target }) => {
            const at = Number(target.slice(target.lastIndexOf('/') + 1));
            socket.write(answer.slice(0, at) || answer);
            if (at === 0) return;
            await new Promise<void>((resolve) => setTimeout(resolve, 1));
            socket.write(answer.slice(at));
          },
        });
        await eachOf(answer.length, (at) =>
          onWire(world, async (wire) => {
            await wire.send(get(`${world.path}/${at}`));
            expect((await wire.answer()).body.toString('latin1')).toBe('helloabc');
          }),
        );
      },
    })),
    {
      name: 'RFC 9112 9.5: a client that resets after any byte completes nothing that it has not sent, and the next request is served',
      run: async (world) => {
        const bytes = `${head(`POST ${world.path}/cut HTTP/1.1`, 'Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n`;
        await eachOf(bytes.length, (at) =>
          onWire(world, async (wire) => {
            await wire.send(bytes.slice(0, at));
            wire.reset();
          }),
        );
        await onWire(world, (wire) => expectInStep(world, wire));
        expect(world.upstream.seen(world.id).filter(({ target }) => target.endsWith('/cut'))).toEqual([]);
        expect(world.isAlive()).toBe(true);
      },
    },
    {
      name: 'RFC 9112 8: a client that ends its sending side after any byte completes nothing that it has not sent',
      run: async (world) => {
        const bytes = `${head(`POST ${world.path}/cut HTTP/1.1`, 'Content-Length: 5')}hello`;
        await eachOf(bytes.length, (at) =>
          onWire(world, async (wire) => {
            await wire.send(bytes.slice(0, at));
            wire.finishSending();
            await wire.ends();
            expect(wire.bytes.toString('latin1')).not.toContain('HTTP/1.1 200');
          }),
        );
        expect(world.upstream.seen(world.id)).toEqual([]);
      },
    },
    ...[
      ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhelloabc'],
      ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhelloabc\r\n0\r\n\r\n'],
    ].flatMap(([name = '', answer = '']) =>
      (['closes', 'resets'] as const).map((how) => ({
        name: `RFC 9112 8: an upstream that ${how} after any byte of an answer ${name} never makes a whole one`,
        run: async (world: CheckWorld) => {
          world.upstream.script(world.id, {
            atEnd: ({ socket }, { target, ...request }) => {
              const at = /cut-(\d+)$/.exec(target)?.[1];
              if (at === undefined) socket.write(usualAnswer({ target, ...request }));
              else
                socket.write(answer.slice(0, Number(at)), () =>
                  how === 'closes' ? socket.end() : socket.resetAndDestroy(),
                );
            },
          });
          await eachOf(answer.length, (at) =>
            onWire(world, async (wire) => {
              await wire.send(`${head(`POST ${world.path}/cut-${at} HTTP/1.1`, 'Content-Length: 1')}x`);
              const outcome = await wire.answer('POST').then(
                ({ status }) => status,
                () => 'cut off',
              );
              expect(['cut off', 502]).toContain(outcome);
            }),
          );
          await onWire(world, (wire) => expectInStep(world, wire));
          expect(world.isAlive()).toBe(true);
        },
      })),
    ),
  ],
};
