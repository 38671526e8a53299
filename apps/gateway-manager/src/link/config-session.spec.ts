import { PassThrough } from 'node:stream';
import { newId } from '@tollgate/contracts';
import { eventually } from '@tollgate/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigSession } from './config-session.ts';
import type { EncodedStep, StepRequest } from './encoded-steps.ts';

const groupId = newId('grp');
const tomorrow = new Date(Date.now() + 86_400_000);
const peer = { poolId: newId('pool'), dataPlaneId: newId('dp'), serial: '01', notAfter: tomorrow };
const relaxed = { pingIntervalMs: 60_000, silenceTimeoutMs: 60_000 };

/** A feed of one group whose position a test moves. */
class StubSteps {
  position = 1;
  readonly asked: StepRequest[] = [];

  async next(request: StepRequest): Promise<EncodedStep> {
    this.asked.push(request);
    const chunks = request.from === this.position ? [] : [Buffer.from(`{"to":${this.position}}\n`.padEnd(200, ' '))];
    return { to: this.position, hash: 'h', chunks };
  }
}

const sessions: ConfigSession[] = [];
afterEach(() => sessions.splice(0).forEach((session) => session.close()));

function open(timing = relaxed, notAfter = tomorrow) {
  const response = new PassThrough({ highWaterMark: 100 });
  const steps = new StubSteps();
  const failures: unknown[] = [];
  const context = {
    peer: { ...peer, notAfter },
    response,
    steps,
    generationOf: () => 0,
    onFailure: (cause: unknown) => failures.push(cause),
  };
  const session = new ConfigSession(context, [], timing);
  sessions.push(session);
  return { session, response, steps, failures };
}

describe('a config stream', () => {
  it('keeps no queue for a reader that is slow: what changes meanwhile is one step', async () => {
    const { session, response, steps } = open();
    session.setGroups([groupId]);
    await eventually(() => expect(response.writableNeedDrain).toBe(true), { withinMs: 1_000 });
    const askedBefore = steps.asked.length;
    for (steps.position = 2; steps.position < 100; steps.position += 1) session.markDue(groupId, 'revision');
    expect(steps.asked).toHaveLength(askedBefore);
    expect(response.writableLength).toBeLessThan(1_000);
    response.resume();
    const revisions = () => steps.asked.filter(({ sequence }) => sequence === 'revision');
    await eventually(() => expect(revisions()).toMatchObject([{ from: 0 }, { from: 1 }]), { withinMs: 1_000 });
  });

  it('cuts a reader that takes nothing for the time of silence', async () => {
    const { session, response } = open({ pingIntervalMs: 5, silenceTimeoutMs: 20 });
    session.setGroups([groupId]);
    await eventually(() => expect(session.isClosed).toBe(true), { withinMs: 1_000 });
    expect(response.destroyed).toBe(true);
  });

  it('ends with the certificate of its reader', async () => {
    const { session } = open({ pingIntervalMs: 5, silenceTimeoutMs: 60_000 }, new Date());
    await eventually(() => expect(session.isClosed).toBe(true), { withinMs: 1_000 });
  });

  it('pings a reader that has nothing to read', async () => {
    const { response } = open({ pingIntervalMs: 5, silenceTimeoutMs: 20 });
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await eventually(() => expect(text).toContain('"type":"ping"'), { withinMs: 1_000 });
  });

  it('tells which groups left the pool, and says no more of them', async () => {
    const { session, response, steps } = open();
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    session.setGroups([groupId]);
    await eventually(() => expect(text).toContain('"type":"synced"'), { withinMs: 1_000 });
    session.setGroups([]);
    const asked = steps.asked.length;
    session.markDue(groupId, 'revision');
    await eventually(() => expect(text).toContain(`{"type":"leave","groupId":"${groupId}"}`), { withinMs: 1_000 });
    expect(steps.asked).toHaveLength(asked);
  });

  it('ends when its feed fails, so that the data plane comes back', async () => {
    const { session, steps, failures } = open();
    steps.next = () => Promise.reject(new Error('no database'));
    session.setGroups([groupId]);
    await eventually(() => expect(session.isClosed).toBe(true), { withinMs: 1_000 });
    expect(failures).toHaveLength(1);
  });
});
