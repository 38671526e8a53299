import { expect } from 'vitest';
import { usualAnswer } from '../../http/raw-upstream.ts';
import type { Topic } from '../check.ts';
import { expectAnswerTo, get, head, onWire, post, postChunked } from '../requests.ts';

/** RFC 9112, 9.3.2: several requests before the first answer. */
export const pipelining: Topic = {
  title: 'pipelining',
  checks: [
    {
      name: 'RFC 9112 9.3.2: fifty requests in one segment are answered in their order',
      run: (world) =>
        onWire(world, async (wire) => {
          const targets = Array.from({ length: 50 }, (_, index) => `${world.path}/${index}`);
          await wire.send(targets.map((target) => get(target)).join(''));
          for (const target of targets) expectAnswerTo(await wire.answer(), { target });
          expect(world.upstream.seen(world.id)).toHaveLength(50);
        }),
    },
    {
      name: 'RFC 9112 9.3.2: bodies of both framings between requests keep their bounds',
      run: (world) =>
        onWire(world, async (wire) => {
          const body = get(`${world.path}/in-body`);
          const requests = [
            post(`${world.path}/1`, body),
            get(`${world.path}/2`),
            postChunked(`${world.path}/3`, body),
            get(`${world.path}/4`),
          ];
          await wire.send(requests.join(''));
          expectAnswerTo(await wire.answer(), { method: 'POST', target: `${world.path}/1`, body });
          expectAnswerTo(await wire.answer(), { target: `${world.path}/2` });
          expectAnswerTo(await wire.answer(), { method: 'POST', target: `${world.path}/3`, body });
          expectAnswerTo(await wire.answer(), { target: `${world.path}/4` });
        }),
    },
    {
      name: 'RFC 9112 9.3.2: a late first answer is not overtaken',
      run: (world) =>
        onWire(world, async (wire) => {
          world.upstream.script(world.id, {
            atEnd: ({ socket }, request) => {
              const delayMs = request.target.endsWith('/slow') ? 100 : 0;
              setTimeout(() => socket.write(usualAnswer(request)), delayMs);
            },
          });
          await wire.send(get(`${world.path}/slow`) + get(`${world.path}/fast`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/slow` });
          expectAnswerTo(await wire.answer(), { target: `${world.path}/fast` });
        }),
    },
    {
      name: 'RFC 9112 9.3.2: an answer to HEAD without a body does not swallow the next answer',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(head(`HEAD ${world.path}/1 HTTP/1.1`) + get(`${world.path}/2`));
          expectAnswerTo(await wire.answer('HEAD'), { method: 'HEAD', target: `${world.path}/1` });
          expectAnswerTo(await wire.answer(), { target: `${world.path}/2` });
        }),
    },
    {
      name: 'RFC 9112 9.3.2: answers of the gateway itself take their place in the order',
      run: (world) =>
        onWire(world, async (wire) => {
          const unknown = `GET ${world.path} HTTP/1.1\r\nHost: nobody.test\r\n\r\n`;
          await wire.send(get(`${world.path}/1`) + unknown + get(`${world.path}/3`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/1` });
          expect([404, 421]).toContain((await wire.answer()).status);
          expectAnswerTo(await wire.answer(), { target: `${world.path}/3` });
        }),
    },
    {
      name: 'RFC 9112 9.3.2: requests before a malformed one are answered, it is refused, and nothing after it is read',
      run: (world) =>
        onWire(world, async (wire) => {
          const malformed = get(`${world.path}/3`, 'X-Field : y');
          await wire.send(get(`${world.path}/1`) + get(`${world.path}/2`) + malformed + get(`${world.path}/smuggled`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/1` });
          expectAnswerTo(await wire.answer(), { target: `${world.path}/2` });
          expect((await wire.answer()).status).toBe(400);
          await wire.ends();
          expect(world.upstream.seen(world.id)).toHaveLength(2);
        }),
    },
    {
      name: 'RFC 9112 9.6: a request after Connection: close is not served',
      run: (world) =>
        onWire(world, async (wire) => {
          await wire.send(get(`${world.path}/1`, 'Connection: close') + get(`${world.path}/2`));
          expectAnswerTo(await wire.answer(), { target: `${world.path}/1` });
          await wire.ends();
          expect(wire.bytes.toString('latin1')).toBe('');
          expect(world.upstream.seen(world.id)).toHaveLength(1);
        }),
    },
    {
      name: 'RFC 9112 9.3.2: a client that reads nothing while it pipelines 2,000 requests gets every answer in the end',
      run: (world) =>
        onWire(world, async (wire) => {
          wire.pauseReading(true);
          const targets = Array.from({ length: 2_000 }, (_, index) => `${world.path}/${index}`);
          const sent = wire.send(targets.map((target) => get(target)).join(''));
          await new Promise<void>((resolve) => setTimeout(resolve, 100));
          wire.pauseReading(false);
          await sent;
          for (const target of targets) expectAnswerTo(await wire.answer('GET', 20_000), { target });
        }),
    },
  ],
};
