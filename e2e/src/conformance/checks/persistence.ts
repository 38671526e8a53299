import { expect } from 'vitest';
import { announcesClose } from '../../http/answer-parser.ts';
import { listOf, valuesOf } from '../../http/header-fields.ts';
import { usualAnswer } from '../../http/raw-upstream.ts';
import type { Check, Topic } from '../check.ts';
import { expectAnswerTo, expectInStep, get, onWire } from '../requests.ts';

const keeps = (name: string, request: (path: string) => string): Check => ({
  name,
  run: (world) =>
    onWire(world, async (wire) => {
      await wire.send(request(world.path));
      const answer = await wire.answer();
      expectAnswerTo(answer, { target: world.path });
      expect(listOf(answer.fields, 'connection')).not.toContain('close');
      await expectInStep(world, wire);
    }),
});

const closes = (name: string, request: (path: string) => string): Check => ({
  name,
  run: (world) =>
    onWire(world, async (wire) => {
      await wire.send(request(world.path));
      const answer = await wire.answer();
      expectAnswerTo(answer, { target: world.path });
      expect(announcesClose(answer)).toBe(true);
      expect(await wire.ends()).toBe('closed');
    }),
});

const old = (path: string, ...lines: string[]): string => get(path, ...lines).replace('HTTP/1.1', 'HTTP/1.0');

/** RFC 9112, 9: how long connections live. */
export const persistence: Topic = {
  title: 'connections that are kept and closed',
  checks: [
    keeps('RFC 9112 9.3: a connection of HTTP/1.1 is kept', (path) => get(path)),
    keeps('RFC 9112 9.3: keep-alive in HTTP/1.1 changes nothing', (path) => get(path, 'Connection: keep-alive')),
    keeps('RFC 9110 7.6.1: an option that nobody knows changes nothing', (path) => get(path, 'Connection: x-option')),
    closes('RFC 9112 9.6: close closes after the answer', (path) => get(path, 'Connection: close')),
    closes('RFC 9110 7.6.1: the option close has no case', (path) => get(path, 'Connection: CLOSE')),
    closes('RFC 9112 9.3: close wins over keep-alive', (path) => get(path, 'Connection: keep-alive, close')),
    closes('RFC 9112 9.3: close in a second field counts', (path) =>
      get(path, 'Connection: keep-alive', 'Connection: close'),
    ),
    closes('RFC 9112 9.3: a connection of HTTP/1.0 is closed', (path) => old(path)),
    closes('RFC 9112 9.3: close in HTTP/1.0 closes', (path) => old(path, 'Connection: close')),
    {
      name: 'RFC 9112 9.3: keep-alive in HTTP/1.0 is granted by saying so, or the connection closes',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(old(world.path, 'Connection: keep-alive'));
          const answer = await wire.answer();
          expectAnswerTo(answer, { target: world.path });
          if (listOf(answer.fields, 'connection').includes('keep-alive')) await expectInStep(world, wire);
          else expect(await wire.ends()).toBe('closed');
        }),
    },
    {
      name: 'RFC 9112 2.5: an answer has the version of the gateway, whatever the client has',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(old(world.path));
          const answer = await wire.answer();
          expect(['1.0', '1.1']).toContain(answer.version);
          expect(valuesOf(answer.fields, 'transfer-encoding')).toEqual([]);
        }),
    },
    {
      name: 'RFC 9112 9.3: requests one after the other share one connection to the upstream',
      run: (world) =>
        onWire(world, async (wire) => {
          for (const step of ['1', '2', '3']) {
            await wire.send(get(`${world.path}/${step}`));
            expectAnswerTo(await wire.answer(), { target: `${world.path}/${step}` });
          }
          expect(new Set(world.upstream.seen(world.id).map(({ connection }) => connection)).size).toBe(1);
        }),
    },
    {
      name: 'RFC 9112 9.6: an upstream that closes its connection does not close the client’s',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atEnd: ({ socket }, request) =>
              socket.end(usualAnswer(request).replace('200 OK\r\n', '200 OK\r\nConnection: close\r\n')),
          });
          for (const step of ['1', '2']) {
            await wire.send(get(`${world.path}/${step}`));
            const answer = await wire.answer();
            expectAnswerTo(answer, { target: `${world.path}/${step}` });
            expect(announcesClose(answer)).toBe(false);
          }
          expect(new Set(world.upstream.seen(world.id).map(({ connection }) => connection)).size).toBe(2);
        }),
    },
    {
      name: 'RFC 9112 9.3.1: an idempotent request that meets a connection which is just closing is sent once more',
      run: (world) =>
        onWire(world, async (wire) => {
          const used = new Set<number>();
          world.upstream.script(world.id, {
            atEnd: ({ socket, connection }, request) => {
              if (used.has(connection)) socket.destroy();
              else socket.write(usualAnswer(request));
              used.add(connection);
            },
          });
          for (const step of ['1', '2', '3']) {
            await wire.send(get(`${world.path}/${step}`));
            expectAnswerTo(await wire.answer(), { target: `${world.path}/${step}` });
          }
        }),
    },
    {
      name: 'RFC 9112 9.3.1: a POST is never sent twice',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atEnd: ({ socket }, request) => {
              if (request.method === 'POST') socket.destroy();
              else socket.write(usualAnswer(request));
            },
          });
          await wire.send(get(`${world.path}/warm`));
          await wire.answer();
          await wire.send(get(`${world.path}/post`, 'Content-Length: 2').replace('GET', 'POST') + 'hi');
          expect((await wire.answer()).status).toBe(502);
          expect(world.upstream.seen(world.id).filter(({ method }) => method === 'POST')).toHaveLength(1);
        }),
    },
  ],
};
