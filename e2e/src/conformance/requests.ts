import { expect } from 'vitest';
import { announcesClose, type WireAnswer } from '../http/answer-parser.ts';
import { chunk } from '../http/chunked-body.ts';
import { type SeenRequest, summaryOf } from '../http/raw-upstream.ts';
import type { Wire } from '../http/wire.ts';
import { type Check, type CheckWorld, hosts } from './check.ts';

/** A GET with these further field lines, each without its CRLF. */
export function get(path: string, ...lines: string[]): string {
  return [`GET ${path} HTTP/1.1`, `Host: ${hosts.usual}`, ...lines, '', ''].join('\r\n');
}

/** A POST of the body with its length. */
export function post(path: string, body: string, ...lines: string[]): string {
  return `${head(`POST ${path} HTTP/1.1`, `Content-Length: ${body.length}`, ...lines)}${body}`;
}

/** A POST of the body as one chunk. */
export function postChunked(path: string, body: string, ...lines: string[]): string {
  const chunks = body === '' ? chunk() : Buffer.concat([chunk(body), chunk()]);
  return `${head(`POST ${path} HTTP/1.1`, 'Transfer-Encoding: chunked', ...lines)}${chunks.toString('latin1')}`;
}

/** A request line with the usual Host and further field lines. */
export function head(requestLine: string, ...lines: string[]): string {
  return [requestLine, `Host: ${hosts.usual}`, ...lines, '', ''].join('\r\n');
}

/** Sends on a connection of its own, gives what `use` gives, and closes. */
export async function onWire<T>(world: CheckWorld, use: (wire: Wire) => Promise<T>, host?: string): Promise<T> {
  const wire = await world.open(host);
  try {
    return await use(wire);
  } finally {
    wire.destroy();
  }
}

/** Sends one request and gives its answer. */
export function ask(
  world: CheckWorld,
  request: string | Buffer,
  { method = 'GET', host = hosts.usual }: { method?: string; host?: string } = {},
): Promise<WireAnswer> {
  return onWire(
    world,
    async (wire) => {
      await wire.send(request);
      return wire.answer(method);
    },
    host,
  );
}

/** The only request of this check that reached the upstream. */
export function onlySeen({ upstream, id }: CheckWorld): SeenRequest {
  const [request, ...more] = upstream.seen(id);
  if (request === undefined) throw new Error('nothing reached the upstream');
  expect(more).toEqual([]);
  return request;
}

/** The bytes of a request as the gateway sent them. */
export function bytesOf({ upstream }: CheckWorld, { connection, start, end }: SeenRequest): string {
  return upstream.connections[connection - 1]?.received().toString('latin1', start, end) ?? '';
}

/** The answer is the upstream's usual one to this request. */
export function expectAnswerTo(
  answer: WireAnswer,
  request: { method?: string; target: string; body?: string | Buffer },
): void {
  const { method = 'GET', target, body = '' } = request;
  expect(answer.status).toBe(200);
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  expect(answer.body.toString('latin1')).toBe(method === 'HEAD' ? '' : summaryOf({ method, target, body: bytes }));
}

/** The connection still serves, in step. */
export async function expectInStep(world: CheckWorld, wire: Wire): Promise<void> {
  await wire.send(get(`${world.path}/next`));
  expectAnswerTo(await wire.answer(), { target: `${world.path}/next` });
}

/** The connection either serves on, in step, or has ended without another byte; never anything between. */
export async function expectInStepOrEnded(world: CheckWorld, wire: Wire, previous: WireAnswer): Promise<void> {
  if (!announcesClose(previous)) {
    await expectInStep(world, wire);
    return;
  }
  await wire.ends();
  expect(wire.bytes.toString('latin1')).toBe('');
}

/** A request that must not get through: refused with one of the statuses, then the connection ends, and what follows is never read as a request. */
export function refuses(
  name: string,
  request: (path: string) => string | Buffer,
  statuses: readonly number[] = [400],
): Check {
  return {
    name,
    async run(world) {
      await onWire(world, async (wire) => {
        const bytes = request(world.path);
        const first = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
        await wire.send(Buffer.concat([first, Buffer.from(get(`${world.path}/smuggled`))]));
        const answer = await wire.answer();
        expect(statuses).toContain(answer.status);
        expect(announcesClose(answer)).toBe(true);
        await wire.ends();
        expect(wire.bytes.toString('latin1')).toBe('');
        expect(world.upstream.seen(world.id)).toEqual([]);
      });
    },
  };
}

/** A request whose body breaks off in the middle: refused or cut, never complete at the upstream, and what follows is never read as a request. */
export function breaksOff(name: string, request: (path: string) => string): Check {
  return {
    name,
    async run(world) {
      await onWire(world, async (wire) => {
        await wire.send(request(world.path) + get(`${world.path}/smuggled`));
        await wire.ends();
        const received = wire.bytes.toString('latin1');
        if (received !== '') expect(received).toMatch(/^HTTP\/1\.1 (400|413|431|501|502) /);
        expect(received.match(/HTTP\/1\.1 \d/g) ?? []).toHaveLength(received === '' ? 0 : 1);
        expect(world.upstream.seen(world.id)).toEqual([]);
      });
    },
  };
}

/** A request that is served, and what must have reached the upstream. */
export function serves(
  name: string,
  request: (path: string) => string | Buffer,
  expected: { method?: string; target?: string; body?: string } = {},
  look: (seen: SeenRequest, answer: WireAnswer, world: CheckWorld) => void = () => undefined,
): Check {
  return {
    name,
    async run(world) {
      await onWire(world, async (wire) => {
        await wire.send(request(world.path));
        const answer = await wire.answer(expected.method);
        const seen = onlySeen(world);
        expectAnswerTo(answer, { ...expected, target: `${world.path}${expected.target ?? ''}` });
        look(seen, answer, world);
        await expectInStepOrEnded(world, wire, answer);
      });
    },
  };
}

/** What HTTP leaves free: refused (a cut counts as that), or passed on exactly as `expected` says. */
export function refusesOrServes(
  name: string,
  request: (path: string) => string | Buffer,
  expected: { method?: string; target?: string; body?: string } = {},
): Check {
  return {
    name,
    async run(world) {
      const answer = await ask(world, request(world.path), { method: expected.method ?? 'GET' }).catch(() => null);
      if (answer?.status === 200)
        expectAnswerTo(answer, { ...expected, target: `${world.path}${expected.target ?? ''}` });
      else if (answer !== null) expect([400, 404, 405, 413, 501]).toContain(answer.status);
      expect(world.upstream.seen(world.id)).toHaveLength(answer?.status === 200 ? 1 : 0);
    },
  };
}
