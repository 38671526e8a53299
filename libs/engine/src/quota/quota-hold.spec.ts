import { connect } from 'node:net';
import type { RequestListener } from 'node:http';
import type { GatewayResource, QuotaWhenCutOff } from '@tollgate/contracts/gateway';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy } from '../policy/define-policy.ts';
import { resource, send, startEngine, startUpstream, testGroupId, type TestEngine } from '../testing/index.ts';

const stream = { instanceId: 'dp_1', epoch: 'e1' };
const periodEnd = Date.UTC(2026, 5, 1);
let now = periodEnd - 90_500;

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  now = periodEnd - 90_500;
  for (const part of running.splice(0).reverse()) await part.stop();
});

/** The caller is whoever `x-user` names; `refuse` of the consumer refuses it after that. */
const identify = definePolicy({
  name: 'identify',
  title: 'identify',
  description: 'For tests.',
  priority: 50,
  direction: 'inbound',
  shared: 'allowed',
  schema: z.looseObject({}),
  errors: [],
  credential: { schema: z.looseObject({ user: z.string() }), lookupKey: ({ user }) => user },
  compile: (_options, { credentials }) => ({
    onRewrite(call) {
      const match = credentials.find(call.header('x-user') ?? '');
      if (match?.state === 'active') call.authenticate(match.caller);
    },
    onRequest: (call) =>
      call.header('x-respond') === undefined
        ? undefined
        : call.respond({ status: 200, billable: call.header('x-respond') === 'billable' }),
  }),
});

function lease(change: Record<string, unknown> = {}): GatewayResource {
  const end = new Date(periodEnd).toISOString();
  return resource('quota_lease', 'sub_a', { limit: 10, used: 0, lease: 2, nextLease: 3, periodEnd: end, ...change });
}

async function start(quotaWhenCutOff: QuotaWhenCutOff = 'keep', listener?: RequestListener): Promise<TestEngine> {
  const upstream = await startUpstream(listener);
  running.push(upstream);
  const engine = await startEngine(
    { policies: [identify], clock: () => now },
    {
      settings: { quotaWhenCutOff },
      revision: [
        resource('route', 'r1', {
          uri: '/*',
          upstream: { nodes: { [upstream.address]: 1 } },
          plugins: { identify: {} },
        }),
        resource('consumer', 'sub_a', { username: 'sub_a', plugins: { identify: { user: 'a' } } }),
        resource('consumer', 'sub_b', { username: 'sub_b', plugins: { identify: { user: 'b' } } }),
      ],
    },
  );
  running.push(engine);
  engine.engine.setUsageStream(stream);
  engine.apply('access', [lease()]);
  return engine;
}

const call = (engine: TestEngine, user = 'a', headers: Record<string, string> = {}) =>
  send(engine.port, '/', { headers: { 'x-user': user, ...headers } });

async function statuses(engine: TestEngine, calls: number, user?: string): Promise<number[]> {
  const answers: number[] = [];
  for (let made = 0; made < calls; made += 1) answers.push((await call(engine, user)).status);
  return answers;
}

/** Puts what was counted into a batch. */
async function seal({ engine }: TestEngine, sequence: number, calls: number): Promise<void> {
  let found = 0;
  await eventually(
    () => {
      const rows = engine.drainLedger();
      engine.usageSealed(sequence, rows);
      found += rows.reduce((sum, row) => sum + row.calls, 0);
      expect(found).toBe(calls);
    },
    { withinMs: 3000 },
  );
}

describe('a call under a quota', () => {
  it('is refused with 429 past the lease, until the control plane knows of the calls made', async () => {
    const engine = await start();
    expect(await statuses(engine, 3)).toEqual([200, 200, 429]);
    await seal(engine, 1, 3);
    engine.apply('access', [lease({ used: 2, watermarks: [{ ...stream, sequence: 0 }] })]);
    expect(await statuses(engine, 1)).toEqual([429]);
    const others = { instanceId: 'dp_2', epoch: 'e1', sequence: 9 };
    engine.apply('access', [lease({ used: 2, watermarks: [others, { ...stream, sequence: 1 }] })]);
    expect(await statuses(engine, 3)).toEqual([200, 200, 429]);
  });

  it('is told when the period ends once nothing is left, and sooner while more may come', async () => {
    const engine = await start();
    await statuses(engine, 2);
    const early = await call(engine);
    expect(early.headers).toMatchObject({ 'retry-after': '1' });
    engine.apply('access', [lease({ used: 10, lease: 0 })]);
    const late = await call(engine);
    expect(late.json()).toMatchObject({ status: 429, code: 'gateway.quota_exhausted' });
    expect(late.headers).toMatchObject({ 'retry-after': '91', ratelimit: '"quota";r=0;t=91' });
  });

  it('passes again when the period ends, though the control plane says nothing', async () => {
    const engine = await start();
    expect(await statuses(engine, 3)).toEqual([200, 200, 429]);
    now = periodEnd;
    expect(await statuses(engine, 4)).toEqual([200, 200, 200, 429]);
  });

  it('leaves other consumers alone, and passes when the lease is gone', async () => {
    const engine = await start();
    expect(await statuses(engine, 3)).toEqual([200, 200, 429]);
    expect(await statuses(engine, 3, 'b')).toEqual([200, 200, 200]);
    engine.apply('access', [], [lease()]);
    expect(await statuses(engine, 3)).toEqual([200, 200, 200]);
  });

  it('takes nothing when it is not billed: answered by a policy, or with no upstream to reach', async () => {
    const engine = await start();
    for (let made = 0; made < 5; made += 1) await call(engine, 'a', { 'x-respond': 'free' });
    expect(await statuses(engine, 2)).toEqual([200, 200]);
    const mocked = await start();
    for (let made = 0; made < 2; made += 1) await call(mocked, 'a', { 'x-respond': 'billable' });
    expect(await statuses(mocked, 1)).toEqual([429]);
  });

  it('counts while it is under way, and when its client leaves', async () => {
    let asked = 0;
    const engine = await start('keep', () => asked++);
    const sockets = [1, 2].map(() => connect(engine.port, '127.0.0.1'));
    for (const socket of sockets) socket.write('GET / HTTP/1.1\r\nHost: api.test\r\nX-User: a\r\n\r\n');
    await eventually(() => expect(asked).toBe(2), { withinMs: 3000 });
    expect(await statuses(engine, 1)).toEqual([429]);
    for (const socket of sockets) socket.destroy();
    await seal(engine, 1, 3);
    expect(await statuses(engine, 1)).toEqual([429]);
    engine.apply('access', [lease({ used: 2, lease: 1, watermarks: [{ ...stream, sequence: 1 }] })]);
    const socket = connect(engine.port, '127.0.0.1');
    running.push({ stop: () => Promise.resolve(void socket.destroy()) });
    socket.write('GET / HTTP/1.1\r\nHost: api.test\r\nX-User: a\r\n\r\n');
    await eventually(() => expect(asked).toBe(3), { withinMs: 3000 });
  });
});

describe('a data plane that is cut off', () => {
  it.each([
    ['keep', [200, 200, 429]],
    ['refuse', [503, 503, 503]],
    ['allow', [200, 200, 200]],
  ] as const)('does with calls under a quota what its group says: %s', async (mode, expected) => {
    const engine = await start(mode);
    now += 29_000;
    expect(await statuses(engine, 1)).toEqual([200]);
    engine.apply('access', [], [lease()]);
    engine.apply('access', [lease()]);
    now += 31_000;
    expect(await statuses(engine, 3)).toEqual(expected);
    expect(await statuses(engine, 1, 'b')).toEqual([200]);
    engine.engine.confirmAccess();
    expect((await statuses(engine, 1))[0]).toBe(mode === 'refuse' ? 200 : 429);
    expect(engine.engine.status().groups.map(({ groupId }) => groupId)).toEqual([testGroupId]);
  });
});
