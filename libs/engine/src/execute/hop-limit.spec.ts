import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { resource, send, socketKinds, startEngine, startUpstream } from '../testing/index.ts';
import { hopsOf } from './hop-limit.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

const routeTo = (port: number) =>
  resource('route', 'r', { uri: '/*', upstream: { nodes: { [`127.0.0.1:${port}`]: 1 } } });

describe('the count of hops', () => {
  it.each([
    [undefined, 0],
    ['0', 0],
    ['7', 7],
    ['1, 3', 3],
    ['-1', 0],
    ['x', 0],
    ['99999999999999', 0],
    ['', 0],
  ])('of %j is %i', (value, expected) => {
    expect(hopsOf({ header: () => value })).toBe(expected);
  });
});

describe.each(socketKinds)('gateways behind gateways on %s sockets', (sockets) => {
  it('count the hops, whatever a client or a policy makes of the header', async () => {
    const upstream = await startUpstream();
    const forgetful = definePolicy({
      name: 'forgetful',
      title: 'Forgetful',
      description: 'Takes the count of hops away.',
      errors: [],
      priority: 1,
      direction: 'inbound',
      shared: 'allowed',
      schema: z.object({}),
      compile: () => ({ onRewrite: (call) => call.upstreamRequest.headers.remove('x-tollgate-hops') }),
    });
    const last = await startEngine({ policies: [], sockets }, { revision: [routeTo(upstream.port)] });
    const first = await startEngine(
      { policies: [forgetful], sockets },
      {
        revision: [
          resource('route', 'r', {
            uri: '/*',
            plugins: { forgetful: {} },
            upstream: { nodes: { [`127.0.0.1:${last.port}`]: 1 } },
          }),
        ],
      },
    );
    running.push(upstream, last, first);
    const answer = async (headers: Record<string, string> = {}) => (await send(first.port, '/', { headers })).json();
    expect(await answer()).toMatchObject({ headers: { 'x-tollgate-hops': '2' } });
    expect(await answer({ 'x-tollgate-hops': 'nonsense' })).toMatchObject({ headers: { 'x-tollgate-hops': '2' } });
    expect(await answer({ 'X-Tollgate-Hops': '5' })).toMatchObject({ headers: { 'x-tollgate-hops': '7' } });
  });

  it('answer 508 to what goes round in circles, and count each call', async () => {
    const engine = await startEngine({ policies: [], sockets, limits: { hopLimit: 3 } }, {});
    running.push(engine);
    engine.apply('revision', [routeTo(engine.port)]);
    const answer = await send(engine.port, '/');
    expect(answer.json()).toMatchObject({ status: 508, code: 'gateway.loop_detected' });
    const rows = engine.engine.drainLedger();
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set([508]));
    expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(4);
  });

  it('let eight hops pass by default', async () => {
    const upstream = await startUpstream();
    const engine = await startEngine({ policies: [], sockets }, { revision: [routeTo(upstream.port)] });
    running.push(upstream, engine);
    const status = async (hops: string) =>
      (await send(engine.port, '/', { headers: { 'x-tollgate-hops': hops } })).status;
    expect([await status('7'), await status('8')]).toEqual([200, 508]);
  });
});
